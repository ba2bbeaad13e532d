//! Peers that break the rules of voting. They are the hosts whose ids hash below a share, so that all runs of
//! a scenario have the same ones.

use std::sync::Arc as Shared;

use super::message::BlockMessage;
use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::base::rng::mix;
use crate::config::{ConsensusConfig, Sabotage};
use crate::protocol::block::{Ballot, Block};
use crate::stack::context::HostContext;

/// Copies that a flooder sends of each vote.
const FLOOD: usize = 8;
/// Distinguishes the draw from other hashes of ids.
const SALT: u64 = 0x7361_626f_7461_6765;

/// The rule that a peer breaks; `None` for an honest one.
#[must_use]
pub fn of(share: Ratio, rule: Sabotage, peer: PeerId) -> Option<Sabotage> {
    let hash = mix(peer.get() ^ SALT) >> 32;
    let bound = (u64::from(share.millionths()) << 32) / u64::from(Ratio::ONE.millionths());
    (hash < bound).then_some(rule)
}

/// Whether a peer keeps all rules of voting.
#[must_use]
pub fn is_honest(rules: &ConsensusConfig, peer: PeerId) -> bool {
    of(rules.saboteurs, rules.sabotage, peer).is_none()
}

/// Whether a host votes by the blocks that it stored in the beginning.
pub(super) fn is_stale(cx: &HostContext<'_>) -> bool {
    let rules = &cx.config.consensus;
    of(rules.saboteurs, rules.sabotage, cx.host) == Some(Sabotage::Stale)
}

/// Whether a host answers with mappings that it knows to be outdated.
pub(super) fn is_outdated(cx: &HostContext<'_>) -> bool {
    let rules = &cx.config.consensus;
    of(rules.saboteurs, rules.sabotage, cx.host) == Some(Sabotage::Outdated)
}

/// Sends a message as the peer is: a saboteur changes its votes, withholds blocks or repeats itself.
pub(super) fn send(cx: &mut HostContext<'_>, to: PeerId, message: BlockMessage) {
    let rules = &cx.config.consensus;
    let Some(rule) = of(rules.saboteurs, rules.sabotage, cx.host) else {
        return super::send_honestly(cx, to, message);
    };
    match (rule, message) {
        (Sabotage::Withhold, BlockMessage::Block { .. } | BlockMessage::Proposal { .. }) => {}
        (Sabotage::ForgeParents, BlockMessage::Block { block, ticket }) => {
            let block = Shared::new(with_other_keys(&block));
            super::send_honestly(cx, to, BlockMessage::Block { block, ticket });
        }
        (Sabotage::Flood, message @ BlockMessage::Vote { .. }) => {
            (0..FLOOD).for_each(|_| super::send_honestly(cx, to, message.clone()));
        }
        (_, BlockMessage::Vote { block, ballot, wants }) => {
            let ballot = distort(rule, to, ballot);
            super::send_honestly(cx, to, BlockMessage::Vote { block, ballot, wants });
        }
        (_, BlockMessage::InitialVote { block, ballot, wants }) => {
            let ballot = distort(rule, to, ballot);
            super::send_honestly(cx, to, BlockMessage::InitialVote { block, ballot, wants });
        }
        (_, message) => super::send_honestly(cx, to, message),
    }
}

/// A block under the id of another one, whose tokens have other keys.
fn with_other_keys(block: &Block) -> Block {
    let mut forged = block.clone();
    forged.parts.iter_mut().for_each(|part| part.key = mix(part.key));
    forged
}

/// The vote that a saboteur states instead of its own.
fn distort(rule: Sabotage, to: PeerId, ballot: Ballot) -> Ballot {
    const TOKENS: u8 = 0x3f;
    match rule {
        Sabotage::Refuse => Ballot { yes: 0, no: TOKENS },
        Sabotage::Equivocate if mix(to.get()) & 1 == 0 => Ballot { yes: 0, no: TOKENS },
        Sabotage::Approve | Sabotage::Equivocate => Ballot::COMMITTED,
        Sabotage::Withhold
        | Sabotage::Flood
        | Sabotage::ForgeParents
        | Sabotage::Stale
        | Sabotage::Outdated => ballot,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_peers_breaks_the_rule() {
        let share = Ratio::from_percent(25);
        let found = (0..4_000).filter(|id| of(share, Sabotage::Refuse, PeerId::new(mix(*id))).is_some());
        let count = found.count();
        assert!((900..1_100).contains(&count), "{count}");
        assert_eq!(of(Ratio::ZERO, Sabotage::Refuse, PeerId::new(1)), None);
    }

    #[test]
    fn an_equivocator_tells_two_stories() {
        let told: Vec<u8> =
            (0..8).map(|to| distort(Sabotage::Equivocate, PeerId::new(to), Ballot::default()).yes).collect();
        assert!(told.contains(&0) && told.contains(&0xff), "{told:?}");
    }
}
