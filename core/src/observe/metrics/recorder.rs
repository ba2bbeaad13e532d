//! Recorder: everything that is counted while a run progresses.

use serde::Serialize;

use super::adversary_impact::{AdversaryImpact, Wins};
#[cfg(feature = "layers")]
use super::blocks::BlockMetrics;
#[cfg(feature = "layers")]
use super::cache::CacheMetrics;
use super::distribution::{Distribution, Histogram};
use super::election_log::{ElectionDetails, ElectionLog};
use super::layers::LayerLog;
use super::outcome::{LossyElections, Outcomes};
#[cfg(feature = "layers")]
use super::radio::RadioMetrics;
#[cfg(feature = "layers")]
use super::rejoin::RejoinMetrics;
#[cfg(feature = "layers")]
use super::sessions::SessionMetrics;
#[cfg(feature = "layers")]
use super::sync::SyncMetrics;
use super::tally::Tally;
use super::time_to_connect::{FirstConnected, TimeToConnect};
use crate::base::id::PeerId;
use crate::base::time::Round;
#[cfg(feature = "layers")]
use crate::observe::chain_log::ChainLog;
#[cfg(feature = "layers")]
use crate::observe::session_view::EndedSessions;
use crate::protocol::event::{Cause, Ending, LifecycleEvent, PeerStateKind};
use crate::sim::network::{DropReason, Route};
use crate::sim::world::{Observer, World};
use crate::stack::layers::Event;
use crate::stack::layers::PacketKind;
use crate::stack::packet::Packet;

/// Bins of the histogram of hops; the last one counts all longer paths.
const HOPS: usize = 33;
/// Bins of the histogram of rounds; the last one counts all longer elections.
const ROUNDS: usize = 129;

/// Transitions of one kind between peer states, counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Transition {
    /// State before.
    pub from: PeerStateKind,
    /// State after.
    pub to: PeerStateKind,
    /// Why.
    pub cause: Cause,
    /// Number of transitions.
    pub count: u64,
}

/// Departed peers that are kept apart in any case.
const GONE: usize = 1_000;

/// The counters of a [`Tally`], and distributions, transitions and outcomes.
#[derive(Clone, Debug)]
pub struct Recorder {
    tally: Tally,
    outcomes: Outcomes,
    lossy_elections: LossyElections,
    /// In ascending order.
    transitions: Vec<Transition>,
    election_rounds: Histogram,
    hops: Histogram,
    time_to_connect: TimeToConnect,
    wins: Wins,
    layers: LayerLog,
    elections: ElectionLog,
}

impl Default for Recorder {
    fn default() -> Self {
        Self {
            tally: Tally::default(),
            outcomes: Outcomes::default(),
            lossy_elections: LossyElections::default(),
            transitions: Vec::new(),
            election_rounds: Histogram::new(ROUNDS),
            hops: Histogram::new(HOPS),
            time_to_connect: TimeToConnect::default(),
            wins: Wins::default(),
            layers: LayerLog::default(),
            elections: ElectionLog::new(ROUNDS),
        }
    }
}

#[cfg(feature = "layers")]
impl Recorder {
    /// Sessions; `None` if hosts hold none.
    #[must_use]
    pub fn sessions(&self, world: &World) -> Option<SessionMetrics> {
        self.layers.sessions(world, &self.tally)
    }

    /// Synchronization of blocks; `None` if hosts keep no chain.
    #[must_use]
    pub fn sync(&self, world: &World) -> Option<SyncMetrics> {
        self.layers.sync(world, &self.tally)
    }

    /// Peer caches; `None` if hosts keep none.
    #[must_use]
    pub fn cache(&self, world: &World) -> Option<CacheMetrics> {
        self.layers.cache(world, &self.tally)
    }

    /// Radios; `None` if hosts have none.
    #[must_use]
    pub fn radio(&self, world: &World) -> Option<RadioMetrics> {
        self.layers.radio(world, &self.tally)
    }

    /// Blocks; `None` if peers do not vote on them.
    #[must_use]
    pub fn blocks(&self, world: &World) -> Option<BlockMetrics> {
        self.layers.blocks(world, &self.tally)
    }

    /// Hosts that have started again; `None` if none has.
    #[must_use]
    pub fn rejoins(&self) -> Option<RejoinMetrics> {
        self.layers.rejoins()
    }

    /// The latest sessions that have ended.
    #[must_use]
    pub(crate) const fn ended_sessions(&self) -> &EndedSessions {
        self.layers.ended_sessions()
    }

    /// Chains that fork.
    #[must_use]
    pub(crate) const fn chains(&self) -> &ChainLog {
        self.layers.chains()
    }
}

impl Recorder {
    /// Elections in detail.
    #[must_use]
    pub fn election_details(&self) -> ElectionDetails {
        self.elections.details()
    }

    /// The counts.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Ended elections by how they ended.
    #[must_use]
    pub const fn outcomes(&self) -> Outcomes {
        self.outcomes
    }

    /// Peer-state transitions since tick 0, by state before, state after and cause.
    #[must_use]
    pub fn transitions(&self) -> &[Transition] {
        &self.transitions
    }

    /// Durations of ended elections, in rounds.
    #[must_use]
    pub fn election_rounds(&self) -> Distribution {
        self.election_rounds.distribution()
    }

    /// Referral hops of accepted answers.
    #[must_use]
    pub fn hops(&self) -> Distribution {
        self.hops.distribution()
    }

    /// Effect of adversaries on honest peers.
    #[must_use]
    pub fn adversary_impact(&self, world: &World) -> AdversaryImpact {
        AdversaryImpact::of(world, &self.wins)
    }

    /// Time that running peers took to their first connection.
    #[must_use]
    pub fn first_connected(&self, world: &World) -> FirstConnected {
        self.time_to_connect.first_connected(world)
    }

    /// Updates the list of hosts; called when a world begins and after every command.
    pub(crate) fn census(&mut self, world: &World) {
        self.time_to_connect.census(world);
    }

    /// Evicts departed peers once they exceed twice the live peers plus [`GONE`]; called after every round,
    /// since churn has no end.
    pub(crate) fn tidy(&mut self, world: &World) {
        let limit = 2 * world.hosts().len() + GONE;
        self.time_to_connect.tidy(world, limit);
        self.wins.tidy(world, limit);
        self.layers.note_round(world);
    }

    fn count_transition(&mut self, from: PeerStateKind, to: PeerStateKind, cause: Cause) {
        let order = |known: &Transition| (known.from, known.to, known.cause).cmp(&(from, to, cause));
        let index = self.transitions.binary_search_by(order).unwrap_or_else(|index| {
            self.transitions.insert(index, Transition { from, to, cause, count: 0 });
            index
        });
        self.transitions[index].count += 1;
    }

    fn note(&mut self, now: Round, peer: PeerId, event: LifecycleEvent) {
        self.elections.note(event);
        match event {
            // A former election on the same token may have lost a message when it was over.
            LifecycleEvent::ElectionStarted { token } => _ = self.lossy_elections.remove((peer, token)),
            LifecycleEvent::ElectionEnded { token, rounds, ending, .. } => {
                self.outcomes.count(ending, self.lossy_elections.remove((peer, token)));
                self.election_rounds.count(rounds);
                if let Ending::Elected { winner } = ending {
                    self.wins.count(winner);
                }
            }
            LifecycleEvent::AnswerAccepted { hops } => self.hops.count(hops),
            LifecycleEvent::PeerStateChanged { from, to, cause, .. } => {
                self.count_transition(from, to, cause);
                if to == PeerStateKind::Connected {
                    self.time_to_connect.connected(peer, now);
                }
            }
            LifecycleEvent::SplitBrain { .. }
            | LifecycleEvent::SplitAlarm
            | LifecycleEvent::Suspected { .. }
            | LifecycleEvent::Rejected(_) => {}
        }
    }
}

impl Observer for Recorder {
    fn on_event(&mut self, now: Round, peer: PeerId, event: Event) {
        self.tally.on_event(now, peer, event);
        if let Event::Lifecycle(event) = event {
            self.note(now, peer, event);
        }
        self.layers.note_event(now, peer, event);
    }

    fn on_sent(&mut self, kind: PacketKind) {
        self.tally.on_sent(kind);
    }

    fn on_duplicated(&mut self, kind: PacketKind) {
        self.tally.on_duplicated(kind);
    }

    fn on_delivered(&mut self, kind: PacketKind) {
        self.tally.on_delivered(kind);
    }

    fn on_dropped(&mut self, reason: DropReason, route: Route, packet: &Packet) {
        self.tally.on_dropped(reason, route, packet);
        if matches!(reason, DropReason::Loss | DropReason::Cut)
            && let Some(message) = packet.body.lifecycle()
            && let Some(election) = message.election(route.from, route.to)
        {
            self.lossy_elections.insert(election);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Ticket, TokenId};
    use crate::base::time::Tick;
    use crate::config::knob::Setting;
    use crate::protocol::event::{Ending, Turnout};
    use crate::protocol::message::Message;
    use crate::scenario::Scenario;

    const OWNER: PeerId = PeerId::new(1);
    const OTHER: PeerId = PeerId::new(2);
    const TOKEN: TokenId = TokenId::new(9);

    fn state(recorder: &mut Recorder, events: &[LifecycleEvent]) {
        events.iter().for_each(|event| recorder.on_event(Round(4), OWNER, (*event).into()));
    }

    fn drop(recorder: &mut Recorder, reason: DropReason, from: PeerId, to: PeerId) {
        let ticket = Ticket::new(5);
        let message = if from == OWNER {
            Message::Query { token: TOKEN, ticket, trail: None }
        } else {
            Message::Referral { token: TOKEN, ticket, suggested: [OWNER, OTHER] }
        };
        recorder.on_dropped(reason, Route { from, to }, &Packet::between(from, to, 0, Tick(0), message));
    }

    const STARTED: LifecycleEvent = LifecycleEvent::ElectionStarted { token: TOKEN };
    const UNANSWERED: LifecycleEvent =
        LifecycleEvent::ElectionEnded { token: TOKEN, rounds: 30, ending: Ending::NoAnswer, turnout: NOBODY };
    const NOBODY: Turnout = Turnout { channels: 0, answers: 0, responders: 0, dissents: 0 };

    fn outcomes_after(reason: DropReason, from: PeerId, to: PeerId) -> (u64, u64) {
        let mut recorder = Recorder::default();
        state(&mut recorder, &[STARTED]);
        drop(&mut recorder, reason, from, to);
        state(&mut recorder, &[UNANSWERED]);
        (recorder.outcomes().loss, recorder.outcomes().no_answer)
    }

    #[test]
    fn an_election_without_answers_may_have_lost_its_messages() {
        for reason in [DropReason::Loss, DropReason::Cut] {
            assert_eq!(outcomes_after(reason, OWNER, OTHER), (1, 0), "a query");
            assert_eq!(outcomes_after(reason, OTHER, OWNER), (1, 0), "a referral");
            assert_eq!(outcomes_after(reason, OTHER, OTHER), (0, 1), "somebody else's");
        }
        for reason in [DropReason::Undeliverable, DropReason::Overload] {
            assert_eq!(outcomes_after(reason, OWNER, OTHER), (0, 1), "it was not the network");
        }
    }

    #[test]
    fn what_is_lost_between_two_elections_is_held_against_neither() {
        let mut recorder = Recorder::default();
        state(&mut recorder, &[STARTED, UNANSWERED]);
        drop(&mut recorder, DropReason::Loss, OTHER, OWNER);
        state(&mut recorder, &[STARTED, UNANSWERED]);
        assert_eq!((recorder.outcomes().loss, recorder.outcomes().no_answer), (0, 2));
        assert_eq!(recorder.election_rounds().bins[30], 2);
    }

    #[test]
    fn changes_of_mind_are_counted_by_what_they_were() {
        let mut recorder = Recorder::default();
        let transition = |from, to, cause| LifecycleEvent::PeerStateChanged { peer: OTHER, from, to, cause };
        let heard = transition(PeerStateKind::Unknown, PeerStateKind::Identified, Cause::Referral);
        let invited = transition(PeerStateKind::Identified, PeerStateKind::Pending, Cause::Election);
        state(&mut recorder, &[heard, invited, heard]);
        let [first, second] = recorder.transitions() else { panic!("{recorder:?}") };
        assert_eq!((first.to, first.cause, first.count), (PeerStateKind::Identified, Cause::Referral, 2));
        assert_eq!(
            (second.from, second.to, second.count),
            (PeerStateKind::Identified, PeerStateKind::Pending, 1)
        );
    }

    #[test]
    fn those_who_are_gone_are_forgotten_and_what_they_won_is_not() {
        let mut scenario = Scenario::preset("improved").unwrap();
        for text in ["genesis.peers=2", "tokens.total=0"] {
            scenario.with_setting(Setting::parse_text(text).unwrap());
        }
        let mut recorder = Recorder::default();
        let world = World::new(1, scenario.config, &mut recorder);
        let (here, gone) = (world.hosts()[0].id(), 0..GONE as u64 + 10);
        let peers = gone.map(PeerId::new).chain([here]);
        for winner in peers {
            let ended = LifecycleEvent::ElectionEnded {
                token: TOKEN,
                rounds: 1,
                ending: Ending::Elected { winner },
                turnout: NOBODY,
            };
            let connected = LifecycleEvent::PeerStateChanged {
                peer: OTHER,
                from: PeerStateKind::Pending,
                to: PeerStateKind::Connected,
                cause: Cause::Reciprocation,
            };
            recorder.on_event(Round(1), OWNER, ended.into());
            recorder.on_event(Round(1), winner, connected.into());
        }
        let before = (recorder.adversary_impact(&world), recorder.first_connected(&world));
        recorder.tidy(&world);
        assert_eq!((recorder.adversary_impact(&world), recorder.first_connected(&world)), before);
        assert!(format!("{recorder:?}").len() < 10_000, "it is short again");
    }

    #[test]
    fn hops_are_those_of_the_answers() {
        let mut recorder = Recorder::default();
        state(&mut recorder, &[0, 3, 3, 100].map(|hops| LifecycleEvent::AnswerAccepted { hops }));
        let hops = recorder.hops();
        assert_eq!((hops.count, hops.max, hops.p50), (4, Some(100), Some(3)));
        assert_eq!((hops.bins[3], hops.bins[32]), (2, 1));
    }
}
