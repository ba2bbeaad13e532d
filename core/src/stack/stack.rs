//! The stack of one host: the lifecycle on top, the layers below it, and the adversary that decorates the
//! lifecycle.

use super::adversary::Adversary;
use super::layers::Layers;
use super::timer::TimerTable;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::prefetch::Prefetch;
use crate::base::rng::{Purpose, Rng};
use crate::base::time::Round;
use crate::config::Config;
use crate::protocol::context::{Context, Input};
use crate::protocol::message::ProofResolver;
use crate::protocol::node::Node;

/// All layers of one host with their state: what a restart loses.
#[derive(Clone, Debug)]
pub struct Stack {
    lifecycle: Node,
    /// Decorates the lifecycle; `None` for an honest peer.
    adversary: Option<Box<Adversary>>,
    /// Layers below the lifecycle; `None` if all are off.
    lower: Option<Box<Lower>>,
}

/// The layers below the lifecycle, and what they share.
#[derive(Clone, Debug)]
pub struct Lower {
    /// The layers.
    pub layers: Layers,
    /// Timers that they have set.
    pub timers: TimerTable,
    /// Their random stream.
    pub rng: Rng,
}

impl Prefetch for Lower {
    fn prefetch(&self) {
        self.timers.prefetch();
        self.layers.prefetch();
    }
}

impl Stack {
    /// The stack of a host that knows no peer, with the layers that the configuration switches on.
    #[must_use]
    pub fn new(host: PeerId, seed: u64, config: &Config) -> Self {
        let layers = Layers::new(host, config);
        let lower = (!layers.are_off()).then(|| {
            let rng = Rng::stream(seed, Purpose::Layers, host.get());
            Box::new(Lower { layers, timers: TimerTable::default(), rng })
        });
        Self { lifecycle: Node::new(host), adversary: None, lower }
    }

    /// The peer of the lifecycle.
    #[must_use]
    pub const fn lifecycle(&self) -> &Node {
        &self.lifecycle
    }

    /// The peer of the lifecycle, to be changed in a context of its own.
    pub(crate) const fn lifecycle_mut(&mut self) -> &mut Node {
        &mut self.lifecycle
    }

    /// The adversary that decorates the lifecycle; `None` for an honest peer.
    #[must_use]
    pub fn adversary(&self) -> Option<&Adversary> {
        self.adversary.as_deref()
    }

    /// Decorates the lifecycle, in place of an earlier adversary; `None` makes the peer honest.
    pub(crate) fn set_adversary(&mut self, adversary: Option<Adversary>) {
        self.adversary = adversary.map(Box::new);
    }

    /// The layers below the lifecycle; `None` if all are off.
    #[must_use]
    pub fn lower(&self) -> Option<&Lower> {
        self.lower.as_deref()
    }

    /// The lifecycle, for reading, beside the layers below it, to be changed; `None` if all are off.
    pub fn lifecycle_and_lower(&mut self) -> Option<(&Node, &mut Lower)> {
        Some((&self.lifecycle, self.lower.as_deref_mut()?))
    }

    /// The layers below the lifecycle, to be changed.
    pub(crate) fn lower_mut(&mut self) -> Option<&mut Lower> {
        self.lower.as_deref_mut()
    }

    /// Hands an input to the lifecycle, through its adversary if it has one.
    #[inline]
    pub fn handle(&mut self, cx: &mut Context<'_>, input: Input, adversaries: &[PeerId]) {
        match &mut self.adversary {
            None => self.lifecycle.handle(cx, input),
            Some(adversary) => adversary.handle(&mut self.lifecycle, cx, input, adversaries),
        }
    }

    /// Loses all state and boots as a new host would: the adversary stays what it is, from its beginning.
    #[must_use]
    pub fn restarted(&self, host: PeerId, seed: u64, config: &Config) -> Self {
        let adversary = self.adversary().map(|adversary| Adversary::new(adversary.conduct(), Round(0)));
        let mut stack = Self::new(host, seed, config);
        stack.set_adversary(adversary);
        if let (Some(new), Some(old)) = (stack.lower_mut(), self.lower()) {
            // Random draws go on: a host that restarts does not draw the same numbers again.
            new.rng.clone_from(&old.rng);
        }
        stack
    }

    /// Adds the layers below the lifecycle to a fingerprint; nothing if all are off.
    pub(crate) fn digest_lower(&self, digest: &mut Digest) {
        if let Some(lower) = &self.lower {
            lower.layers.digest(digest);
            lower.timers.digest(digest);
            digest.number(lower.rng.state());
        }
    }

    /// Adds the adversary to a fingerprint; nothing for an honest peer.
    pub(crate) fn digest_adversary(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        if let Some(adversary) = &self.adversary {
            adversary.digest(digest, resolver);
        }
    }
}
