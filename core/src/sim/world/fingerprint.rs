//! The fingerprint of a world, taken part by part: that of a large one takes seconds.

use super::World;
use crate::base::digest::{Digest, Fingerprint};

/// Peers in a part.
const PEERS: usize = 64;

/// A fingerprint in progress. The world must not change until it is finished.
#[derive(Default)]
pub(crate) struct FingerprintBuilder {
    digest: Digest,
    /// The part that is next.
    part: usize,
}

impl World {
    /// The fingerprint of the whole state: equal on every target, whatever order peers were served in.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut builder = FingerprintBuilder::default();
        loop {
            if let Some(fingerprint) = self.fingerprint_step(&mut builder) {
                return fingerprint;
            }
        }
    }

    /// Takes the next part of the state into a fingerprint, which is returned with the last part.
    pub(crate) fn fingerprint_step(
        &self,
        FingerprintBuilder { digest, part }: &mut FingerprintBuilder,
    ) -> Option<Fingerprint> {
        let peers = self.hosts.len().div_ceil(PEERS);
        if *part == 0 {
            self.digest_head(digest);
        }
        if *part < peers {
            let hosts = self.hosts.iter().skip(*part * PEERS).take(PEERS);
            hosts.for_each(|host| host.digest(digest, self.universe()));
        } else {
            self.network.digest(*part - peers, digest, self.universe());
        }
        *part += 1;
        if *part < peers + self.network.parts() {
            return None;
        }
        if let Some(next) = self.next_arrival {
            digest.number(next);
        }
        #[cfg(feature = "layers")]
        if let Some(clients) = self.clients() {
            clients.digest(digest);
        }
        Some(std::mem::take(digest).finish())
    }

    fn digest_head(&self, digest: &mut Digest) {
        digest.number(self.seed);
        digest.number(self.now.0);
        digest.number(self.joined);
        digest.number(self.trace);
        digest.length(self.hosts.len());
    }
}
