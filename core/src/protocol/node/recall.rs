//! Peers that a layer below remembers from an earlier life of the host.

use super::Node;
use crate::base::id::PeerId;
use crate::protocol::context::Context;
use crate::protocol::event::Cause;

impl Node {
    /// Inserts remembered peers as Identified, and invites the first of them. What is remembered proves
    /// nothing: each has to accept the invitation and to prove what it stores with its own.
    pub(super) fn recall(&mut self, cx: &mut Context<'_>, peers: &[PeerId], invited: u32) {
        for peer in peers {
            self.identify(cx, *peer, Cause::Introduction);
        }
        for peer in peers.iter().take(invited as usize) {
            if let Some(invite) = self.peers.invite(cx, *peer, Cause::Selection) {
                self.send_invitation(cx, &invite);
            }
        }
    }
}
