//! What a peer makes of how others serve it.

use std::num::NonZeroU32;

use super::*;

/// Peers that an election asks.
const ASKED: [u64; 5] = [10, 20, 40, 80, 160];

/// A peer that keeps scores, and demotes peers below a floor.
fn demanding() -> Fixture {
    let floor = Ratio::from_millionths(500_000);
    Fixture::improved()
        .under(|config| config.peers.quality_floor = floor)
        .knowing(PeerStateKind::Identified, ASKED)
}

fn quality(fixture: &Fixture, of: PeerId) -> u64 {
    fixture.node.peers().scores().quality(of)
}

/// Holds an election in which one peer stays silent and all others answer.
fn hold_without(fixture: &mut Fixture, silent: PeerId, family: impl Fn(PeerId) -> u64) {
    let token = token(9_000_000 + fixture.now.0);
    for (to, ticket) in fixture.elect_on(token) {
        if to != silent {
            fixture.hear(to, answer(ticket, family(to), token));
        }
    }
    let ends = fixture.now.0 + 5;
    fixture.turns_until(ends);
    assert!(fixture.node.elections().is_empty());
}

#[test]
fn who_does_not_answer_falls_behind_and_is_no_longer_wanted_until_it_answers_again() {
    let mut fixture = demanding();
    let silent = peer(40);
    (0..6).for_each(|_| hold_without(&mut fixture, silent, |_| HONEST));
    assert!(
        quality(&fixture, silent) < 500
            && ASKED.iter().all(|id| *id == 40 || quality(&fixture, peer(*id)) > 900)
    );
    assert_eq!(fixture.kind_of(silent), PeerStateKind::Identified);
    assert!(fixture.node.suspects(&fixture.config, fixture.now).into_iter().eq([silent]));

    let outcome = fixture.hear(silent, invitation(silent));
    assert!(outcome.events.contains(&Fact::Rejected(Rejection::Declined)), "{outcome:?}");

    (0..20).for_each(|_| hold_without(&mut fixture, peer(0), |_| HONEST));
    assert!(fixture.node.suspects(&fixture.config, fixture.now).is_empty());
    let outcome = fixture.hear(silent, invitation(silent));
    assert!(outcome.events.contains(&Fact::Started), "it is asked about again: {outcome:?}");
}

#[test]
fn a_connection_that_does_not_answer_is_given_up() {
    let mut fixture = demanding().knowing(PeerStateKind::Connected, [40]);
    let causes: Vec<Cause> = (0..6)
        .flat_map(|_| {
            hold_without(&mut fixture, peer(40), |_| HONEST);
            fixture.hear(peer(40), query(5));
            fixture.turn().causes
        })
        .collect();
    assert!(causes.contains(&Cause::Quality), "however much it says of its own accord: {causes:?}");
}

#[test]
fn a_referral_is_worth_something_and_a_contradicted_proof_costs() {
    let mut fixture = demanding();
    let (referring, silent, wrong) = (peer(10), peer(20), peer(40));
    for _ in 0..6 {
        let token = token(9_000_000 + fixture.now.0);
        for (to, ticket) in fixture.elect_on(token) {
            let reply = match to {
                _ if to == referring => referral(token, ticket, [20, 40]),
                _ if to == silent => continue,
                _ if to == wrong => answer(ticket, 3, token),
                _ => answer(ticket, HONEST, token),
            };
            fixture.hear(to, reply);
        }
        let ends = fixture.now.0 + 5;
        fixture.turns_until(ends);
    }
    let [referring, silent, good] = [referring, silent, peer(80)].map(|peer| quality(&fixture, peer));
    assert!(good > referring && referring > silent, "{good}, {referring}, {silent}");
}

#[test]
fn more_invitations_than_honest_peers_send_are_ignored_and_count_as_faults() {
    let mut fixture = demanding().under(|config| {
        config.peers.invitation_limit = NonZeroU32::new(3);
        config.peers.suspicion = NonZeroU32::new(2);
    });
    let flooder = peer(40);
    for _ in 0..3 {
        let outcome = fixture.hear(flooder, invitation(flooder));
        assert!(!outcome.events.contains(&Fact::Rejected(Rejection::TooManyInvitations)), "{outcome:?}");
    }
    assert_eq!(fixture.hear(flooder, invitation(flooder)).rejection(), Rejection::TooManyInvitations);
    assert!(fixture.node.suspects(&fixture.config, fixture.now).is_empty(), "once may be a duplicate");
    fixture.hear(flooder, invitation(flooder));
    assert!(fixture.node.suspects(&fixture.config, fixture.now).into_iter().eq([flooder]));
    assert_eq!(fixture.hear(flooder, query(5)).rejection(), Rejection::Suspect);
}
