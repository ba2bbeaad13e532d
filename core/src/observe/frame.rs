//! A picture of the world at one tick, as arrays that share an index.

use crate::base::id::PeerId;
use crate::config::Behavior;
use crate::observe::metrics::{exact, ring_fraction};
use crate::protocol::event::PeerStateKind;
use crate::protocol::peer_table::ScoreParts;
use crate::sim::host::{Host, HostStatus, LocalClock};
use crate::sim::world::World;
use crate::stack::adversary::Adversary;

/// A peer's status in a [`Frame`] when it has crashed; the others are the numbers of [`PeerStateKind`].
pub const CRASHED: u8 = 4;
/// A peer's status in a [`Frame`] when it is paused.
pub const PAUSED: u8 = 5;

/// A picture of the world. Peers are in ascending order of id; messages name them by their index in that
/// order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// Completed ticks.
    pub tick: u64,
    /// Ids.
    pub peer_id: Vec<u64>,
    /// Positions on the ring in [0, 1).
    pub position: Vec<f32>,
    /// Highest state of any entry of a peer's table, as the number of a [`PeerStateKind`], or [`CRASHED`] or
    /// [`PAUSED`].
    pub status: Vec<u8>,
    /// Number of each peer's [`Behavior`]: 0 for an honest one.
    pub behavior: Vec<u8>,
    /// Connected peers that a peer has.
    pub connected: Vec<u16>,
    /// Messages in flight: senders.
    pub message_from: Vec<u32>,
    /// Receivers.
    pub message_to: Vec<u32>,
    /// Kinds, as the number of a [`MessageKind`](crate::protocol::message::MessageKind).
    pub message_kind: Vec<u8>,
    /// Ticks of sending.
    pub message_sent: Vec<f64>,
    /// Ticks of arrival.
    pub message_due: Vec<f64>,
    /// Messages in flight in all, drawn or not.
    pub in_flight: u64,
    /// The arc that is cut off as [from, to) in fractions of the ring; empty if the ring is whole.
    pub cut: Vec<f64>,
    /// Side of each peer in all partitions besides the cut, as one number; empty without partitions.
    pub side: Vec<u8>,
    /// Partitions and held links, described for a person.
    pub barriers: Vec<String>,
    /// Whether partitions hold at this tick; flapping ones do not at every tick.
    pub holds: bool,
}

/// A peer and its contacts, for drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct PeerView {
    /// Its id.
    pub id: PeerId,
    /// Whether it takes part.
    pub status: HostStatus,
    /// Its behavior.
    pub behavior: Behavior,
    /// Its clock.
    pub local_clock: LocalClock,
    /// Identified, Pending and Connected peers that it knows.
    pub known: [u32; 3],
    /// Tokens that it remembers for elections.
    pub samples: u32,
    /// Elections that it has running.
    pub elections: u32,
    /// Tokens that it holds.
    pub tokens: u32,
    /// Reach of its tokens to each side, as a fraction of the ring.
    pub reach: f64,
    /// Existing peers of its table, by their index in the frame.
    pub contacts: Vec<u32>,
    /// Their states, as the number of a [`PeerStateKind`].
    pub contact_state: Vec<u8>,
    /// Scores that it keeps of others, in ascending order of id; empty where no rule reads them.
    pub scores: Vec<ScoreParts>,
}

impl Frame {
    /// A picture of a world with at most `limit` of its messages, spread evenly over all in flight.
    #[must_use]
    pub fn of(world: &World, limit: usize) -> Self {
        let hosts = world.hosts();
        let mut frame = Self {
            tick: world.now().0,
            peer_id: hosts.iter().map(|host| host.id().get()).collect(),
            position: hosts.iter().map(|host| ring_fraction_f32(host.id().get())).collect(),
            status: hosts.iter().map(status).collect(),
            behavior: hosts.iter().map(|host| behavior(host) as u8).collect(),
            connected: hosts.iter().map(connected).collect(),
            in_flight: world.network().in_flight() as u64,
            cut: world
                .network()
                .cut()
                .map_or_else(Vec::new, |arc| vec![ring_fraction(arc.from), ring_fraction(arc.to)]),
            side: hosts.iter().filter_map(|host| world.network().partitions().side(host.id())).collect(),
            barriers: world.network().describe_barriers(),
            holds: world.network().partitions().holds(world.now()),
            ..Self::default()
        };
        frame.draw_messages(world, limit);
        debug_assert!(
            [frame.position.len(), frame.status.len(), frame.behavior.len(), frame.connected.len()]
                .iter()
                .all(|len| *len == frame.peer_id.len()),
            "arrays of peers share an index"
        );
        debug_assert!(frame.message_from.len() <= limit, "no more messages are drawn than asked for");
        frame
    }

    fn draw_messages(&mut self, world: &World, limit: usize) {
        let in_flight = world.network().in_flight();
        let stride = in_flight.div_ceil(limit.max(1)).max(1);
        for (due, packet) in world.network().iter().step_by(stride).take(limit) {
            let route = world.network().route(packet);
            let (Some(from), Some(to)) = (index(world, route.from), index(world, route.to)) else {
                continue;
            };
            self.message_from.push(from);
            self.message_to.push(to);
            self.message_kind.push(u8::try_from(packet.body.kind().code()).unwrap_or(u8::MAX));
            self.message_sent.push(exact(packet.sent.0));
            self.message_due.push(exact(due.0));
        }
    }
}

impl PeerView {
    /// View of one peer; `None` if it does not exist.
    #[must_use]
    pub fn of(world: &World, id: PeerId) -> Option<Self> {
        let host = world.host(id)?;
        let peers = host.node().peers();
        let existing =
            peers.iter().filter_map(|(peer, state)| Some((index(world, peer)?, state.kind() as u8)));
        let (contacts, contact_state) = existing.unzip();
        Some(Self {
            id,
            status: host.status(),
            behavior: behavior(host),
            local_clock: host.local_clock(),
            known: [PeerStateKind::Identified, PeerStateKind::Pending, PeerStateKind::Connected]
                .map(|state| peers.count(state)),
            samples: u32::try_from(host.node().samples().len()).unwrap_or(u32::MAX),
            elections: u32::try_from(host.node().elections().len()).unwrap_or(u32::MAX),
            tokens: host.token_set().count(),
            reach: ring_fraction(host.token_set().reach()),
            contacts,
            contact_state,
            scores: peers.score_parts().collect(),
        })
    }
}

fn index(world: &World, id: PeerId) -> Option<u32> {
    let index = world.hosts().binary_search_by_key(&id, Host::id).ok()?;
    u32::try_from(index).ok()
}

fn status(host: &Host) -> u8 {
    let peers = host.node().peers();
    let best = [PeerStateKind::Connected, PeerStateKind::Pending, PeerStateKind::Identified];
    match host.status() {
        HostStatus::Crashed => CRASHED,
        HostStatus::Paused => PAUSED,
        HostStatus::Running => {
            best.into_iter().find(|state| peers.count(*state) > 0).map_or(0, |best| best as u8)
        }
    }
}

fn behavior(host: &Host) -> Behavior {
    host.adversary().map_or(Behavior::Honest, Adversary::conduct)
}

fn connected(host: &Host) -> u16 {
    u16::try_from(host.node().peers().count(PeerStateKind::Connected)).unwrap_or(u16::MAX)
}

fn ring_fraction_f32(index: u64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit a float")]
    let bits = (index >> 40) as f32;
    bits / 16_777_216.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Direction;
    use crate::config::knob::Setting;
    use crate::observe::metrics::Recorder;
    use crate::scenario::Scenario;
    use crate::sim::command::Command;

    #[test]
    fn places_are_parts_of_a_turn_below_one() {
        for (index, part) in [(0, 0.0), (1 << 63, 0.5), (3 << 62, 0.75)] {
            assert!((ring_fraction(index) - part).abs() < 1e-12);
            assert!((f64::from(ring_fraction_f32(index)) - part).abs() < 1e-7);
        }
        assert!(ring_fraction(u64::MAX) < 1.0);
        assert!(ring_fraction_f32(u64::MAX) < 1.0);
    }

    /// A world in which a good deal has been done to a peer.
    fn disturbed(commands: &[Command]) -> (World, PeerId) {
        let mut scenario = Scenario::preset("lifecycle-1").unwrap();
        scenario.with_setting(Setting::parse_text("genesis.peers=10").unwrap());
        let mut world = World::new(1, scenario.config, &mut Recorder::default());
        commands.iter().for_each(|command| world.apply(*command, &mut Recorder::default()).unwrap());
        let id = world.hosts()[3].id();
        (world, id)
    }

    #[test]
    fn what_has_been_done_to_a_peer_can_be_seen() {
        let (_, peer) = disturbed(&[]);
        let (world, _) = disturbed(&[
            Command::Corrupt { peer, conduct: Behavior::Forger },
            Command::Skew { peer, rounds: 5, direction: Direction::Behind },
            Command::Drift { peer, rate: 900 },
            Command::Pause { peer },
            Command::CutRegions { regions: 4 },
        ]);
        let frame = Frame::of(&world, 0);
        assert_eq!(
            (frame.status[3], frame.behavior[3], frame.behavior[4]),
            (PAUSED, Behavior::Forger as u8, 0)
        );
        assert_eq!((frame.barriers, frame.holds), (vec!["4 regions".to_owned()], true));
        let view = PeerView::of(&world, peer).unwrap();
        assert_eq!((view.status.name(), view.behavior.name()), ("paused", "forger"));
        assert_eq!((view.local_clock.skew, view.local_clock.rate), (-5, 900));
    }
}
