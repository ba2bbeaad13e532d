//! Forks as one host knows them: tips of other chains, the open vote, and the chain that is to prevail.

use super::chain::{Hashes, tally, wins};
use crate::base::digest::Digest;
use crate::base::mutant::mutant;
use crate::stack::address::Address;

/// Tips that are kept.
const TIPS_MAX: usize = 256;

/// Forks as one host knows them.
#[derive(Clone, Debug)]
pub(super) struct Forks {
    pub(super) hashes: Hashes,
    /// Tips of peers on another chain, one a peer.
    pub(super) tips: Vec<ForkTip>,
    pub(super) vote: Option<ForkVote>,
    pub(super) target: Option<ForkTarget>,
}

/// Tip of a peer on another chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct ForkTip {
    pub(super) from: Address,
    pub(super) session: u32,
    pub(super) height: u32,
    pub(super) hash: u64,
    /// Time at which it was told, in ms.
    pub(super) at: u64,
}

/// A vote that waits for answers: by peer and session.
#[derive(Clone, Debug)]
pub(super) struct ForkVote {
    pub(super) height: u32,
    pub(super) answers: Vec<(Address, u32, u64)>,
}

/// A decision for another chain.
#[derive(Clone, Debug)]
pub(super) struct ForkTarget {
    /// Peers that have voted for it; `None` if the longer chain is to prevail.
    pub(super) voters: Option<Box<[Address]>>,
    pub(super) height: u32,
    /// Blocks below that height at which its common part with the own chain is looked for.
    pub(super) reach: u32,
}

impl Forks {
    pub(super) const fn new(genesis: u32, initial: u32) -> Self {
        Self { hashes: Hashes::new(genesis, initial), tips: Vec::new(), vote: None, target: None }
    }

    /// Notes the tip of a peer. Returns whether its peer was on no other chain so far, and whether its
    /// session was not.
    pub(super) fn note(&mut self, tip: ForkTip) -> (bool, bool) {
        let known = self.tips.iter().position(|one| one.from == tip.from);
        let before = known.map(|index| self.tips.remove(index));
        if self.tips.len() < TIPS_MAX {
            self.tips.push(tip);
        }
        (before.is_none(), before.is_none_or(|one| one.session != tip.session))
    }

    pub(super) fn has_tip_of(&self, peer: Address) -> bool {
        self.tips.iter().any(|tip| tip.from == peer)
    }

    /// Whether a peer, which has stated a height, has the chain that is to prevail: hosts that give way never
    /// take the chains of one another.
    pub(super) fn seeks(&self, peer: Address, stated: u32, own: (u32, u64)) -> bool {
        let is_better = |tip: &ForkTip| wins((tip.height.max(stated), tip.hash), own);
        match self.target.as_ref().map(|target| &target.voters) {
            None => false,
            Some(Some(voters)) => voters.contains(&peer),
            Some(None) => self.tips.iter().any(|tip| tip.from == peer && is_better(tip)),
        }
    }

    /// The tip that wins against all others.
    pub(super) fn best(&self) -> Option<ForkTip> {
        self.tips.iter().copied().reduce(|best, tip| {
            let is_better = wins((tip.height, tip.hash), (best.height, best.hash));
            if is_better { tip } else { best }
        })
    }

    /// Ends the search for another chain.
    pub(super) fn settle(&mut self) {
        self.target = None;
        self.tips.clear();
    }

    /// Decides a vote. A cached tip counts as an answer, because its chain is another one at that height.
    pub(super) fn decide(&mut self, own_height: u32) -> Option<ForkTarget> {
        let vote = self.vote.take()?;
        let has_answered = |tip: &ForkTip| vote.answers.iter().any(|answer| answer.0 == tip.from);
        let answers = vote.answers.iter().map(|answer| (answer.0, answer.2));
        let cached = self.tips.iter().filter(|tip| !has_answered(tip)).map(|tip| (tip.from, tip.hash));
        let answers: Vec<(Address, u64)> = answers.chain(cached).collect();
        let hashes: Vec<u64> = answers.iter().map(|answer| answer.1).collect();
        let own = self.hashes.at(vote.height);
        let best = self.best()?;
        let winner = tally(&hashes, own.is_some());
        let is_lost = match winner {
            Some(winner) => own != Some(winner),
            None => wins((best.height, best.hash), (own_height, self.hashes.at(own_height)?)),
        };
        let voters = |winner| answers.iter().filter(move |one| one.1 == winner).map(|one| one.0).collect();
        let target = ForkTarget { voters: winner.map(voters), height: best.height, reach: 0 };
        mutant!(ForkKept: is_lost => false).then_some(target)
    }

    pub(super) fn digest(&self, digest: &mut Digest) {
        self.hashes.digest(digest);
        digest.length(self.tips.len());
        for tip in &self.tips {
            digest.number(tip.from.get());
            digest.number(u64::from(tip.session) << 32 | u64::from(tip.height));
            digest.number(tip.hash);
            digest.number(tip.at);
        }
        if let Some(vote) = &self.vote {
            digest.number(vote.height);
            digest.length(vote.answers.len());
            vote.answers.iter().for_each(|answer| digest.number(answer.2));
        }
        if let Some(target) = &self.target {
            digest.length(target.voters.as_ref().map_or(0, |voters| voters.len()));
            digest.number(u64::from(target.height) << 32 | u64::from(target.reach));
        }
    }
}
