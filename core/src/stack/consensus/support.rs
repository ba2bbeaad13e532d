//! Support of a block at its commit, counted apart from the rules that decide it: properties of runs compare
//! it with the threshold.

use super::Consensus;
use super::pool::PoolEntry;
use crate::base::id::PeerId;
use crate::protocol::block::Block;
use crate::protocol::block::ballot::Role;
use crate::protocol::event::PeerStateKind;
use crate::stack::context::HostContext;

/// Approvals of a block that its peer knew when it committed it, its own among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Support {
    /// Fewest approvals of a token that had to be decided, of any voters.
    pub approvals: usize,
    /// Fewest approvals of a token of which the peer is an owner, of Connected voters; `None` if it owns
    /// none.
    pub trusted: Option<usize>,
}

impl Consensus {
    /// Support of a block that this peer is about to commit; `None` if it has no token to be decided.
    pub(super) fn support(&self, cx: &HostContext<'_>, entry: &PoolEntry, block: &Block) -> Option<Support> {
        let deciding = self.deciding(cx, block);
        let is_connected =
            |peer: PeerId| peer == cx.host || cx.peers.kind_of(peer) == PeerStateKind::Connected;
        let roles = || Role::all(block.parts.len()).filter(|role| deciding & role.bit() != 0);
        let tokens = || roles().filter_map(|role| Some((role, &block.parts[role.index()?])));
        let owned = tokens().filter(|(_, part)| self.is_owner(cx, part));
        Some(Support {
            approvals: tokens().map(|(role, _)| approvals(cx.host, entry, role, |_| true)).min()?,
            trusted: owned.map(|(role, _)| approvals(cx.host, entry, role, is_connected)).min(),
        })
    }
}

/// Peers that satisfy a predicate and approve of a role.
fn approvals(me: PeerId, entry: &PoolEntry, role: Role, counts: impl Fn(PeerId) -> bool) -> usize {
    let voters = entry.votes.iter().map(|vote| vote.0).filter(|peer| !entry.is_attested(*peer));
    let others = voters.chain(entry.attested.iter().copied()).filter(|peer| *peer != me);
    let approving = others.filter(|peer| entry.latest(*peer).is_some_and(|vote| vote.sign(role) > 0));
    approving.filter(|peer| counts(*peer)).count() + usize::from(entry.ballot.sign(role) > 0)
}
