//! What must hold whatever happens to a peer, by whatever rules.

use super::*;
use crate::config::KNOBS;
use crate::config::knob::{Kind, Setting};
use crate::config::{ReturnRule, RoutingRule};

/// An input of a peer; few other peers, so that inputs interact.
#[derive(Clone, Debug)]
enum Happening {
    Turn(u64),
    Query { from: u64, token: u64, way: Vec<u64> },
    Answer { from: u64, channel: usize, family: u64, relay: Option<u64> },
    Referral { from: u64, channel: usize, to: [u64; 2] },
    Invitation { from: u64, about: u64, is_reply: bool },
}

const IDS: std::ops::Range<u64> = 994..1_008;

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => (1..15_u64).prop_map(Happening::Turn),
        2 => (IDS, IDS, prop::collection::vec(IDS, 0..4))
            .prop_map(|(from, token, way)| Happening::Query { from, token, way }),
        4 => (IDS, 0..40_usize, 1..3_u64, prop::option::weighted(0.2, IDS))
            .prop_map(|(from, channel, family, relay)| Happening::Answer { from, channel, family, relay }),
        1 => (IDS, 0..40_usize, prop::array::uniform2(IDS))
            .prop_map(|(from, channel, to)| Happening::Referral { from, channel, to }),
        4 => (IDS, prop::option::weighted(0.1, IDS), any::<bool>()).prop_map(|(from, about, is_reply)| {
            Happening::Invitation { from, about: about.unwrap_or(from), is_reply }
        }),
    ]
}

/// A choice or switch that may be set to anything while a world runs, and a value of it.
fn rule() -> impl Strategy<Value = Setting> {
    let free = |kind: &Kind| matches!(kind, Kind::Choice { .. } | Kind::Switch);
    let knobs: Vec<_> = KNOBS.iter().filter(|knob| knob.live && free(&knob.kind)).collect();
    (prop::sample::select(knobs), any::<prop::sample::Index>()).prop_filter_map(
        "in range",
        |(knob, value)| {
            let (_, max) = knob.kind.range();
            let raw = value.index(usize::try_from(max).expect("few options") + 1);
            // Invented proofs pass weak verification only.
            let setting = Setting::from_raw(knob, raw as u64)?;
            (knob.path != "tokens.verification").then_some(setting)
        },
    )
}

const fn relay(responder: u64) -> Relay {
    Relay { responder: peer(responder), hops: 1, path: Vec::new() }
}

/// A message to a peer; answers and referrals are those to queries that it has sent.
fn message(happening: &Happening, asked: &[(TokenId, Ticket)]) -> Option<(PeerId, Message)> {
    let channel = |position: usize| asked.get(position % asked.len().max(1)).copied();
    Some(match happening {
        Happening::Turn(_) => return None,
        Happening::Query { from, token, way } if way.is_empty() => (peer(*from), query(*token)),
        Happening::Query { from, token, way } => {
            let mut forwarders = way.clone();
            forwarders.push(*from);
            (peer(*from), forwarded(*token, way[0], &forwarders[1..]))
        }
        Happening::Answer { from, channel: position, family, relay: responder } => {
            let (token, ticket) = channel(*position)?;
            let proof = proof(*family, token, ME).into();
            (peer(*from), Message::Answer { ticket, proof, relay: responder.map(relay).map(Box::new) })
        }
        Happening::Referral { from, channel: position, to } => {
            let (token, ticket) = channel(*position)?;
            (peer(*from), referral(token, ticket, *to))
        }
        Happening::Invitation { from, about, is_reply } => {
            let proof = proof(HONEST, token(*about), ME).into();
            (peer(*from), Message::Invitation { proof, is_reply: *is_reply })
        }
    })
}

/// All events, with their data.
fn handle(fixture: &mut Fixture, input: Input) -> Outbox {
    let mut outbox = Outbox::default();
    let mut cx = Context {
        now: fixture.now,
        config: &fixture.config,
        rng: &mut fixture.rng,
        secrets: &mut fixture.secrets,
        store: &fixture.store,
        outbox: &mut outbox,
    };
    fixture.node.handle(&mut cx, input);
    outbox
}

fn is_verified(message: &Message) -> bool {
    match message {
        Message::Invitation { proof, .. } => proof.token() != token(0),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn connections_are_earned_budgets_hold_and_no_peer_knows_itself(
        preset in prop::sample::select(vec!["seed-000", "next", "as-claimed", "lifecycle-1", "improved"]),
        rules in prop::collection::vec(rule(), 0..8),
        core in 0..3_u32,
        happenings in prop::collection::vec(happening(), 1..80),
        seed: u64,
    ) {
        let mut fixture = Fixture::new(preset).under(|config| {
            rules.iter().for_each(|rule| rule.apply(config));
            config.election.per_round = 2;
            config.election.min_collection_rounds = 1;
            config.peers.invitations_per_round = 1;
            config.peers.connected_budget = 3;
            config.peers.identified_capacity = 6;
            config.peers.sample_capacity = 9;
            config.peers.core_neighbors = core;
            config.peers.invitation_cooldown_rounds = 5;
        });
        fixture.rng = Rng::stream(seed, Purpose::Protocol, 1);
        fixture = fixture.storing(IDS).knowing(PeerStateKind::Identified, [995, 1_001, 1_003]);
        let (mut asked, mut invited) = (Vec::new(), Vec::new());
        for happening in &happenings {
            let message = message(happening, &asked);
            let before: BTreeMap<PeerId, PeerStateKind> =
                fixture.node.peers().iter().map(|(peer, state)| (peer, state.kind())).collect();
            let outbox = match (happening, &message) {
                (Happening::Turn(rounds), _) => {
                    fixture.now.0 += rounds;
                    handle(&mut fixture, Input::Turn)
                }
                (_, Some((from, message))) => {
                    handle(&mut fixture, Input::Message { from: *from, message: message.clone() })
                }
                _ => continue,
            };
            for event in &outbox.events {
                let LifecycleEvent::PeerStateChanged { peer, from, to, cause } = event else { continue };
                prop_assert_ne!(from, to);
                if *to == PeerStateKind::Connected {
                    let (sender, message) = message.as_ref().expect("a message causes a connection");
                    prop_assert_eq!((sender, cause), (peer, &Cause::Reciprocation));
                    prop_assert!(is_verified(message), "an invitation");
                    prop_assert_eq!(*from, PeerStateKind::Pending);
                    prop_assert_eq!(before.get(peer), Some(&PeerStateKind::Pending), "it had been invited before");
                    prop_assert!(matches!(
                        fixture.config.peers.invitations,
                        InvitationRule::Reciprocal | InvitationRule::OnlyPromoting
                    ));
                }
                if *to == PeerStateKind::Pending {
                    prop_assert_eq!(*from, PeerStateKind::Identified);
                    invited.push(*peer);
                }
            }
            for (to, message) in &outbox.messages {
                if let Message::Query { token, ticket, trail: None } = message {
                    prop_assert_ne!(*to, ME, "no peer asks itself");
                    asked.push((*token, *ticket));
                }
                if let Message::Invitation { proof, .. } = message {
                    prop_assert_eq!(proof.token(), ME.into());
                    prop_assert!(invited.contains(to), "an invitation is never sent to one that was not chosen");
                }
            }
            let peers = fixture.node.peers();
            prop_assert_eq!(peers.kind_of(ME), PeerStateKind::Unknown, "no peer knows itself");
            // A leaf set of this size exceeds every budget.
            prop_assert!(peers.count(PeerStateKind::Connected) <= 3.max(2 * core));
            let is_turn = matches!(happening, Happening::Turn(_));
            prop_assert!(!is_turn || fixture.node.samples().len() <= 9);
            let running = fixture.node.elections();
            prop_assert!(running.len() <= crate::protocol::election::RUNNING_MAX);
            let known: Vec<PeerId> = peers.iter().map(|(peer, _)| peer).collect();
            prop_assert!(peers.interactions().peers().all(|peer| known.contains(&peer)), "records are of known peers");
            prop_assert!(fixture.config.keeps_dealings()
                || fixture.config.counts_absences()
                || peers.interactions().peers().next().is_none());
        }
    }

    #[test]
    fn whatever_comes_by_whatever_rules_at_most_one_reply_in_kind_goes_back(
        rules in prop::collection::vec(rule(), 0..8),
        happenings in prop::collection::vec(happening(), 1..40),
    ) {
        let mut fixture = Fixture::new("improved").under(|config| {
            rules.iter().for_each(|rule| rule.apply(config));
            config.routing.fanout = 2;
            config.routing.time_to_live = 3;
        });
        fixture = fixture.storing(IDS).knowing(PeerStateKind::Identified, IDS.filter(|id| *id != ME.get()));
        for happening in &happenings {
            let Happening::Query { way, .. } = happening else { continue };
            let Some((from, message)) = message(happening, &[]) else { continue };
            let outcome = fixture.hear(from, message);
            let origin = way.first().map_or(from, |origin| peer(*origin));
            let forwards = outcome.sent.iter().filter(|(_, message)| message.kind() == MessageKind::Query).count();
            let replies = outcome.sent.len() - forwards;
            let spreads = fixture.config.routing.strategy == RoutingRule::Broadcast;
            let most = if spreads { 2 } else { 1 };
            prop_assert!(replies <= 1 && forwards <= most);
            prop_assert!(spreads || outcome.sent.len() <= 1, "it is answered or passed on");
            for (to, message) in &outcome.sent {
                let direct = fixture.config.routing.answers == ReturnRule::Direct;
                let is_reply = matches!(message, Message::Answer { .. } | Message::Referral { .. });
                prop_assert!(!is_reply || !direct || *to == origin, "replies are for the one who asks");
            }
        }
    }
}
