//! Votes on the roles of a block, and how they are counted.

use crate::base::digest::Digest;

/// Unit of the weight of votes: a vote of full weight.
pub const FULL: u32 = 1_000;
/// Least weight of a vote by quality.
pub const LEAST: u32 = 250;

/// A role of a block: one of its tokens, by index, or its witnesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Role(u8);

/// A set of roles as bits.
pub type Roles = u8;

impl Role {
    /// The witnesses.
    pub const WITNESS: Self = Self(6);

    /// The token with an index.
    #[must_use]
    pub fn token(index: usize) -> Self {
        debug_assert!(index < 6, "six tokens");
        Self(u8::try_from(index).unwrap_or(0))
    }

    /// The bit of the role.
    #[must_use]
    pub const fn bit(self) -> Roles {
        1 << self.0
    }

    /// Index of its token; `None` for the witnesses.
    #[must_use]
    pub const fn index(self) -> Option<usize> {
        if self.0 < 6 { Some(self.0 as usize) } else { None }
    }

    /// The roles of a block with a number of tokens, as a set.
    #[must_use]
    pub fn set(tokens: usize) -> Roles {
        Self::all(tokens).fold(0, |roles, role| roles | role.bit())
    }

    /// The roles of a block with a number of tokens, tokens first.
    pub fn all(tokens: usize) -> impl Iterator<Item = Self> {
        (0..tokens).map(Self::token).chain([Self::WITNESS])
    }
}

/// A vote: roles approved, and roles refused. A role in neither is not voted on; a role in both is passed:
/// its voter is in the range and stores nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ballot {
    /// Approved.
    pub yes: Roles,
    /// Refused.
    pub no: Roles,
}

impl Ballot {
    /// Approval of everything, by which a peer tells that it has committed.
    pub const COMMITTED: Self = Self { yes: 0xff, no: 0 };

    /// The published form: one bitmap, in which a bit that is not set refuses.
    #[must_use]
    pub const fn of_bitmap(yes: Roles, tokens: usize) -> Self {
        Self { yes, no: !yes & ((1 << tokens) - 1) }
    }

    /// 1 for an approval, -1 for a refusal, else 0.
    #[must_use]
    pub const fn sign(self, role: Role) -> i64 {
        match (self.yes & role.bit() != 0, self.no & role.bit() != 0) {
            (true, false) => 1,
            (false, true) => -1,
            _ => 0,
        }
    }

    /// Whether the role is passed.
    #[must_use]
    pub const fn passes(self, role: Role) -> bool {
        self.yes & self.no & role.bit() != 0
    }

    /// Adds the vote to a fingerprint.
    pub fn digest(self, digest: &mut Digest) {
        digest.number(u64::from(self.yes) << 8 | u64::from(self.no));
    }
}

/// Votes of a range on one role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoteCount {
    /// Approvals less refusals, by weight.
    pub balance: i64,
    /// Approvals, by number.
    pub yes: u32,
    /// Refusals, by number.
    pub no: u32,
    /// Voters that have committed, by number.
    pub committed: u32,
    /// Voters that pass, by number.
    pub passed: u32,
    /// Votes of either sign and abstentions, by weight.
    pub cast: i64,
}

impl VoteCount {
    /// Adds a vote.
    pub fn add(&mut self, ballot: Ballot, role: Role, weight: u32) {
        let sign = ballot.sign(role);
        self.balance += sign * i64::from(weight);
        self.yes += u32::from(sign > 0);
        self.no += u32::from(sign < 0);
        self.committed += u32::from(ballot == Ballot::COMMITTED);
        self.passed += u32::from(ballot.passes(role));
        self.cast += i64::from(weight);
    }

    /// Whether approvals of a range outnumber refusals by more than a threshold even if all that have not
    /// voted refuse. Peers that pass do not count. Two blocks of one token cannot both be so.
    #[must_use]
    pub const fn is_certain(self, range: usize, threshold: u32) -> bool {
        self.yes as usize * 2 > range.saturating_sub(self.passed as usize) + threshold as usize
    }

    /// Whether that can never be so, if votes are final.
    #[must_use]
    pub const fn is_hopeless(self, range: usize, threshold: u32) -> bool {
        let voters = range.saturating_sub(self.passed as usize);
        let most = voters.saturating_sub(self.no as usize);
        self.no > 0 && most * 2 <= voters + threshold as usize
    }

    /// Whether the role is decided: by a balance above the threshold, for witnesses by as many votes of
    /// either sign. If refusals decide as well, as shipped, a refused token counts as decided.
    #[must_use]
    pub fn is_closed(self, role: Role, threshold: u32, do_refusals_close: bool) -> bool {
        let threshold = i64::from(threshold) * i64::from(FULL);
        match role {
            Role::WITNESS => self.cast > threshold,
            _ if do_refusals_close => self.balance.abs() > threshold,
            _ => self.balance > threshold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(yes: u32, no: u32) -> VoteCount {
        let mut count = VoteCount::default();
        let token = Role::token(0);
        (0..yes).for_each(|_| count.add(Ballot { yes: 1, no: 0 }, token, FULL));
        (0..no).for_each(|_| count.add(Ballot { yes: 0, no: 1 }, token, FULL));
        count
    }

    #[test]
    fn three_net_votes_decide_a_token() {
        let token = Role::token(0);
        let closed = |yes, no| count(yes, no).is_closed(token, 2, false);
        assert_eq!([closed(2, 0), closed(3, 0), closed(3, 1), closed(4, 1)], [false, true, false, true]);
        assert_eq!([closed(0, 3), closed(0, 2)], [false, false]);
        let shipped = |yes, no| count(yes, no).is_closed(token, 2, true);
        assert_eq!([shipped(0, 3), shipped(0, 2), shipped(3, 0)], [true, false, true]);
    }

    #[test]
    fn witnesses_are_decided_by_votes_of_either_sign() {
        let closed = |yes, no| count(yes, no).is_closed(Role::WITNESS, 2, false);
        assert_eq!([closed(1, 1), closed(1, 2), closed(0, 3)], [false, true, true]);
    }

    #[test]
    fn light_votes_decide_later() {
        let mut light = VoteCount::default();
        (0..8).for_each(|_| light.add(Ballot::COMMITTED, Role::token(1), LEAST));
        assert!(!light.is_closed(Role::token(1), 2, false), "eight votes of a quarter are no more than two");
        light.add(Ballot::COMMITTED, Role::token(1), LEAST);
        assert!(light.is_closed(Role::token(1), 2, false));
    }

    #[test]
    fn a_certain_decision_holds_whatever_the_rest_votes() {
        let certain = |yes, no| count(yes, no).is_certain(8, 2);
        assert_eq!([certain(5, 0), certain(6, 0), certain(6, 2)], [false, true, true]);
        let hopeless = |yes, no| count(yes, no).is_hopeless(8, 2);
        assert_eq!([hopeless(5, 2), hopeless(5, 3), hopeless(0, 0)], [false, true, false]);
        let mut count = count(5, 1);
        assert!(!count.is_certain(8, 2));
        let pass = Ballot { yes: 1, no: 1 };
        assert!(pass.passes(Role::token(0)) && pass.sign(Role::token(0)) == 0);
        count.add(pass, Role::token(0), FULL);
        assert!(count.is_certain(8, 2), "five of seven: the seventh may refuse");
        assert!(!VoteCount { yes: 4, ..count }.is_certain(8, 2), "four of seven");
        assert!(VoteCount { no: 3, yes: 0, ..count }.is_hopeless(8, 2), "four of seven at most");
    }

    #[test]
    fn an_unset_bit_of_a_bitmap_refuses() {
        let ballot = Ballot::of_bitmap(0b101, 3);
        assert_eq!([0, 1, 2].map(|index| ballot.sign(Role::token(index))), [1, -1, 1]);
        assert_eq!(ballot.sign(Role::token(3)), 0, "the block has three tokens");
        assert_eq!(Role::all(2).map(Role::bit).collect::<Vec<_>>(), [1, 2, 64]);
    }
}
