//! Misbehaviour with its evidence, and the bans that follow. Times are in ms.

use crate::base::digest::Digest;
use crate::config::ManagerConfig;

/// Peers whose incidents are remembered; the one with the oldest incident gives way.
const OFFENDERS_MAX: usize = 1_024;
/// Incidents of one peer that are remembered.
const INCIDENTS_MAX: usize = 64;
/// Spam within an hour that makes a ban of two hours.
const SPAM: (usize, u64, u64) = (5, 3_600_000, 7_200_000);
/// Bytes of a ban, and of an incident, on disk.
const RECORD: usize = 8;

/// Kind of misbehaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehavior {
    /// Data that does not verify.
    InvalidMessage,
    /// A dial without an answer.
    ConnectionFailure,
    /// A message that the protocol does not allow.
    ProtocolViolation,
    /// More messages than the limits allow.
    Spam,
    /// Content that is harmful by design.
    MaliciousContent,
}

/// Length of a ban.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BanTerm {
    /// Up to and including this time.
    Until(u64),
    /// For good.
    Permanent,
}

/// Misbehaviour of one peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offender {
    /// Its address without a port.
    pub host: u64,
    /// Evidence: kinds and times, the oldest first.
    pub incidents: Vec<(Misbehavior, u64)>,
    /// Its last ban, until that is lifted.
    pub ban: Option<BanTerm>,
    /// Bans so far.
    pub bans: u32,
}

/// Misbehaviour of all peers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BanList {
    /// In ascending order of host.
    offenders: Vec<Offender>,
}

impl BanTerm {
    /// Whether the ban is in force: its last millisecond included.
    #[must_use]
    pub const fn is_in_force(self, now: u64) -> bool {
        match self {
            Self::Until(end) => now <= end,
            Self::Permanent => true,
        }
    }
}

impl Misbehavior {
    const ALL: [Self; 5] = [
        Self::InvalidMessage,
        Self::ConnectionFailure,
        Self::ProtocolViolation,
        Self::Spam,
        Self::MaliciousContent,
    ];

    /// Incidents that make a ban, their window, and the length of the ban; `None` for good.
    fn rule(self, config: &ManagerConfig) -> (usize, u64, Option<u64>) {
        let temporary = Some(u64::from(config.ban_ms));
        match self {
            Self::InvalidMessage => {
                (config.invalid_limit as usize, config.invalid_window_ms.into(), temporary)
            }
            Self::ConnectionFailure => {
                (config.failure_limit as usize, config.failure_window_ms.into(), temporary)
            }
            Self::Spam => (SPAM.0, SPAM.1, Some(SPAM.2)),
            Self::ProtocolViolation | Self::MaliciousContent => (1, 0, None),
        }
    }
}

impl BanList {
    /// Peers with misbehaviour, in ascending order of host.
    #[must_use]
    pub fn offenders(&self) -> &[Offender] {
        &self.offenders
    }

    /// Counts an incident. Returns whether it makes a ban.
    pub fn note(&mut self, host: u64, what: Misbehavior, now: u64, config: &ManagerConfig) -> bool {
        let (limit, window, length) = what.rule(config);
        let most = config.temporary_bans_max;
        let offender = self.offender(host);
        if offender.incidents.len() == INCIDENTS_MAX {
            offender.incidents.remove(0);
        }
        offender.incidents.push((what, now));
        let recent = |one: &&(Misbehavior, u64)| one.0 == what && now.saturating_sub(one.1) <= window;
        let is_banned = offender.ban.is_some_and(|ban| ban.is_in_force(now));
        if is_banned || offender.incidents.iter().filter(recent).count() < limit {
            return false;
        }
        offender.ban(now, length, most);
        true
    }

    /// Bans a host: for a time, or for good.
    pub fn ban(&mut self, host: u64, now: u64, length: Option<u64>, config: &ManagerConfig) {
        self.offender(host).ban(now, length, config.temporary_bans_max);
    }

    /// Whether a host is banned.
    #[must_use]
    pub fn is_banned(&self, host: u64, now: u64) -> bool {
        let found = self.offenders.binary_search_by_key(&host, |one| one.host);
        found.is_ok_and(|index| self.offenders[index].ban.is_some_and(|ban| ban.is_in_force(now)))
    }

    /// Lifts bans that have expired; returns their hosts. With `forget`, their number is forgotten too, as in
    /// the published program.
    pub fn sweep(&mut self, now: u64, forget: bool) -> Vec<u64> {
        let mut lifted = Vec::new();
        for offender in &mut self.offenders {
            if offender.ban.is_some_and(|ban| !ban.is_in_force(now)) {
                offender.ban = None;
                offender.incidents.clear();
                lifted.push(offender.host);
            }
        }
        if forget {
            self.offenders.retain(|one| lifted.binary_search(&one.host).is_err());
        }
        lifted
    }

    /// Number of bans in force.
    #[must_use]
    pub fn count(&self, now: u64) -> usize {
        let bans = self.offenders.iter().filter_map(|one| one.ban);
        bans.filter(|ban| ban.is_in_force(now)).count()
    }

    /// Incidents that are remembered of a host.
    #[must_use]
    pub fn evidence(&self, host: u64) -> usize {
        let found = self.offenders.binary_search_by_key(&host, |one| one.host);
        found.map_or(0, |index| self.offenders[index].incidents.len())
    }

    /// Incidents that are remembered of all hosts.
    #[must_use]
    pub fn incidents(&self) -> usize {
        self.offenders.iter().map(|one| one.incidents.len()).sum()
    }

    fn offender(&mut self, host: u64) -> &mut Offender {
        let found = self.offenders.binary_search_by_key(&host, |one| one.host);
        let index = found.unwrap_or_else(|_| {
            if self.offenders.len() == OFFENDERS_MAX {
                let last = |one: &Offender| (one.ban.is_some(), one.incidents.last().map_or(0, |one| one.1));
                let oldest = (0..OFFENDERS_MAX).min_by_key(|index| last(&self.offenders[*index]));
                self.offenders.remove(oldest.unwrap_or(0));
            }
            let index = self.offenders.partition_point(|one| one.host < host);
            self.offenders.insert(index, Offender { host, incidents: Vec::new(), ban: None, bans: 0 });
            index
        });
        &mut self.offenders[index]
    }

    /// The list as a file: for each offender its host, ban, bans and incidents, as numbers of 64 bits.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let numbers = self.offenders.iter().flat_map(|one| {
            let ban = match one.ban {
                None => [0, 0],
                Some(BanTerm::Until(end)) => [1, end],
                Some(BanTerm::Permanent) => [2, 0],
            };
            let head = [one.host, ban[0], ban[1], one.bans.into(), one.incidents.len() as u64];
            let incidents = one.incidents.iter().flat_map(|(what, at)| [*what as u64, *at]);
            head.into_iter().chain(incidents).collect::<Vec<u64>>()
        });
        numbers.flat_map(u64::to_le_bytes).collect()
    }

    /// Reads a file, up to the first record that makes no sense: a torn file loses its end alone.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let numbers = bytes.chunks_exact(RECORD).filter_map(|one| one.try_into().ok());
        let mut numbers = numbers.map(u64::from_le_bytes);
        let mut list = Self::default();
        while let Some(offender) = Offender::read(&mut numbers) {
            let is_next = list.offenders.last().is_none_or(|last| last.host < offender.host);
            if !is_next || list.offenders.len() == OFFENDERS_MAX {
                break;
            }
            list.offenders.push(offender);
        }
        list
    }

    /// Adds the list to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.bytes(&self.to_bytes());
    }
}

impl Offender {
    /// Bans the peer; after enough temporary bans for good.
    fn ban(&mut self, now: u64, length: Option<u64>, temporary_max: u32) {
        self.bans = self.bans.saturating_add(1);
        self.ban = Some(match length {
            Some(length) if self.bans <= temporary_max => BanTerm::Until(now + length),
            _ => BanTerm::Permanent,
        });
    }

    fn read(numbers: &mut impl Iterator<Item = u64>) -> Option<Self> {
        let [host, kind, end, bans, count] = [(); 5].map(|()| numbers.next());
        let ban = match kind? {
            0 => None,
            1 => Some(BanTerm::Until(end?)),
            2 => Some(BanTerm::Permanent),
            _ => return None,
        };
        let count = usize::try_from(count?).ok().filter(|count| *count <= INCIDENTS_MAX)?;
        let mut incidents = Vec::with_capacity(count);
        for _ in 0..count {
            let what = usize::try_from(numbers.next()?).ok()?;
            incidents.push((*Misbehavior::ALL.get(what)?, numbers.next()?));
        }
        Some(Self { host: host?, incidents, ban, bans: u32::try_from(bans?).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: ManagerConfig = ManagerConfig::DEFAULT;

    fn banned_after(what: Misbehavior, times: &[u64]) -> Option<BanTerm> {
        let mut list = BanList::default();
        times.iter().for_each(|second| {
            list.note(7, what, second * 1_000, &CONFIG);
        });
        list.offenders[0].ban
    }

    /// The published trace T6.
    #[test]
    fn five_invalid_messages_in_five_minutes_make_a_ban_of_an_hour() {
        let invalid = |times: &[u64]| banned_after(Misbehavior::InvalidMessage, times);
        assert_eq!(invalid(&[0, 60, 120, 180, 240]), Some(BanTerm::Until(3_840_000)));
        assert_eq!(invalid(&[0, 60, 120, 180]), None);
        assert_eq!(invalid(&[0, 76, 152, 228, 304]), None, "only four lie in the last 300 s");
        assert!(invalid(&[0, 75, 150, 225, 299]).is_some());
        assert_eq!(invalid(&[0, 75, 150, 225, 301]), None);
        let mut list = BanList::default();
        for second in [0, 60, 120, 180, 240] {
            list.note(7, Misbehavior::InvalidMessage, second * 1_000, &CONFIG);
        }
        assert!(list.is_banned(7, 3_840_000));
        assert!(!list.is_banned(7, 3_840_001));
        assert!(list.sweep(3_840_000, false).is_empty(), "that sweep is not strictly later");
        assert_eq!(list.sweep(3_900_000, false), [7]);
    }

    #[test]
    fn every_kind_has_its_threshold_and_its_term() {
        let times: Vec<u64> = (0..10).map(|index| index * 60).collect();
        assert_eq!(banned_after(Misbehavior::ConnectionFailure, &times[..9]), None);
        assert_eq!(
            banned_after(Misbehavior::ConnectionFailure, &times),
            Some(BanTerm::Until(540_000 + 3_600_000))
        );
        assert_eq!(banned_after(Misbehavior::ProtocolViolation, &[5]), Some(BanTerm::Permanent));
        assert_eq!(banned_after(Misbehavior::MaliciousContent, &[5]), Some(BanTerm::Permanent));
        let spam = banned_after(Misbehavior::Spam, &times[..5]);
        assert_eq!(spam, Some(BanTerm::Until(240_000 + 7_200_000)));
        assert_eq!(banned_after(Misbehavior::Spam, &times[..4]), None);
    }

    #[test]
    fn the_fourth_ban_is_permanent_unless_the_number_is_forgotten() {
        let fourth = |forget: bool| {
            let mut list = BanList::default();
            for index in 0..4 {
                let now = index * 10_000_000;
                list.ban(7, now, Some(3_600_000), &CONFIG);
                list.sweep(now + 3_600_001, forget);
            }
            list.is_banned(7, 40_000_000)
        };
        assert!(fourth(false));
        assert!(!fourth(true), "as published");
        let mut list = BanList::default();
        (0..4).for_each(|_| list.ban(7, 0, Some(1), &CONFIG));
        assert!(list.is_banned(7, 1_000), "four while the first is in force");
    }

    #[test]
    fn bans_and_evidence_survive_on_disk_and_a_torn_file_loses_its_end_alone() {
        let mut list = BanList::default();
        for host in 1..20 {
            list.note(host, Misbehavior::ConnectionFailure, host, &CONFIG);
            list.ban(host, 5, (host % 2 == 0).then_some(1_000), &CONFIG);
        }
        let bytes = list.to_bytes();
        assert_eq!(BanList::from_bytes(&bytes), list);
        for length in 0..bytes.len() {
            let read = BanList::from_bytes(&bytes[..length]);
            assert!(read.offenders.iter().zip(&list.offenders).all(|(one, other)| one == other), "{length}");
            assert!(read.offenders.len() <= list.offenders.len());
        }
        assert_eq!(list.evidence(3), 1);
    }

    #[test]
    fn remembered_offenders_are_bounded_and_banned_ones_stay() {
        let mut list = BanList::default();
        list.ban(0, 0, None, &CONFIG);
        (1..3_000).for_each(|host| {
            list.note(host, Misbehavior::Spam, host, &CONFIG);
        });
        assert_eq!(list.offenders.len(), OFFENDERS_MAX);
        assert!(list.is_banned(0, 1_000_000));
    }
}
