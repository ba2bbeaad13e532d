use super::*;
use crate::base::id::{Ticket, TokenId};
use crate::protocol::message::Message;
use crate::stack::address::Address;

fn packet(seq: u32) -> Packet {
    let message = Message::Query { token: TokenId::new(1), ticket: Ticket::new(1), trail: None };
    let [to, from] = [1, 2].map(|peer| Address::of(PeerId::new(peer)));
    Packet { to, from, seq, sent: Tick(0), body: message.into() }
}

#[test]
fn messages_beyond_the_limit_are_dropped_as_overload_whether_they_travel_or_wait() {
    let mut network = Network::default();
    network.hold(PeerId::new(2), PeerId::new(1)).unwrap();
    let post = |network: &mut Network, seq: u32| {
        let outcome = network.admit(LinkOutcome::Arrives { due: Tick(u64::from(seq % 2)), again: None });
        if let LinkOutcome::Arrives { due, again } = outcome {
            network.enqueue(packet(seq), due, again);
        }
        outcome
    };
    let arrives = |outcome| matches!(outcome, LinkOutcome::Arrives { .. });
    let enqueued = (0..u32::MAX).take_while(|seq| arrives(post(&mut network, *seq))).count();
    assert_eq!(enqueued + 1, IN_FLIGHT_MAX);
    let day = network.open(Tick(0));
    assert!(day.is_empty(), "half of them wait on the held link now");
    network.close(day);
    assert_eq!(network.in_flight(), enqueued);
    assert_eq!(post(&mut network, 1), LinkOutcome::Fails(DropReason::Overload));
}

#[test]
fn only_so_many_links_are_held() {
    let mut network = Network::default();
    let held = (0..2_000).filter(|peer| network.hold(PeerId::new(*peer), PeerId::new(9_999)).is_ok()).count();
    assert_eq!(held, HELD_LINKS_MAX);
    assert_eq!(network.hold(PeerId::new(1_500), PeerId::new(9_999)), Err(HoldError::LimitReached));
    assert_eq!(network.hold(PeerId::new(1), PeerId::new(9_999)), Err(HoldError::AlreadyHeld));
    network.release(PeerId::new(0), PeerId::new(9_999), Tick(0)).unwrap();
    let again = network.release(PeerId::new(0), PeerId::new(9_999), Tick(0));
    assert_eq!(again, Err(HoldError::NotHeld));
    network.hold(PeerId::new(1_500), PeerId::new(9_999)).unwrap();
}
