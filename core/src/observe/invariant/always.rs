//! Properties that hold at every tick.

use super::{Breach, Facts, Property, PropertyKind};
use crate::base::id::{PeerId, Ticket, TokenId};
use crate::base::sort;
use crate::base::time::Tick;
use crate::observe::metrics::{ElectionMetrics, PacketCounts, Transition, Turnover};
use crate::protocol::election::{Election, Outcome};
use crate::protocol::event::{Cause, PeerStateKind};
use crate::protocol::message::{MessageKind, Proof};
use crate::protocol::peer_table::{PeerState, PeerTable};
use crate::protocol::proof::chunks;
use crate::protocol::token::{Universe, suffix};
use crate::sim::host::Host;
use crate::stack::layers::{LAYERS, LayerId, LayerInfo};

const fn always(
    id: &'static str,
    meaning: &'static str,
    check: fn(&Facts<'_>) -> Option<Breach>,
) -> Property {
    Property { id, kind: PropertyKind::Always, meaning, check }
}

pub(super) static PROPERTIES: &[Property] = &[
    always(
        "messages-balance",
        "Every packet of every layer that was sent has arrived, was dropped for a reason, or is in flight.",
        |facts| balance(&facts.packets, facts.in_flight),
    ),
    always("elections-balance", "No more elections have ended or are running than have started.", |facts| {
        elections_balance(&facts.elections)
    }),
    always(
        "peers-in-order",
        "Peers are listed in ascending order of id, each once, and no more than may exist.",
        |facts| {
            let ids: Vec<PeerId> = facts.world.hosts().iter().map(Host::id).collect();
            Breach::of_world(ids.len() > facts.limits.peers, || format!("there are {} peers", ids.len()))
                .or_else(|| Breach::of_peers(disordered(&ids), "not above the one before"))
        },
    ),
    always("tables-in-order", "Every peer table is in ascending order of id, each peer once.", |facts| {
        let broken = |host: &Host| disordered(&TableFacts::of(host).ids).next().is_some();
        Breach::of_peers(facts.peers_where(broken), "the table is out of order")
    }),
    always("tables-counted", "Every peer table counts as many entries of each state as it has.", |facts| {
        Breach::of_peers(
            facts.peers_where(|host| TableFacts::of(host).is_miscounted()),
            "the counts are wrong",
        )
    }),
    always("nobody-knows-itself", "No peer is in its own table.", |facts| {
        Breach::of_peers(facts.peers_where(|host| TableFacts::of(host).knows_owner()), "in its own table")
    }),
    always(
        "connected-budget",
        "No peer has more Connected peers than its budget, or than the neighbours that it keeps, whichever is more.",
        |facts| {
            let limit = facts.limits.connected;
            let is_over = |host: &Host| host.node().peers().count(PeerStateKind::Connected) > limit;
            Breach::of_peers(facts.peers_where(is_over), &format!("more than {limit} Connected ones"))
        },
    ),
    always(
        "identified-capacity",
        "After its turn no peer has more Identified peers than its capacity.",
        |facts| {
            let limit = identified_limit(facts);
            let is_over = |host: &&Host| host.node().peers().count(PeerStateKind::Identified) > limit;
            let over = facts.after_turn().filter(is_over).map(Host::id);
            Breach::of_peers(over, &format!("more than {limit} Identified ones"))
        },
    ),
    always("sample-capacity", "After its turn no peer remembers more samples than its capacity.", |facts| {
        let limit = facts.world.config().peers.sample_capacity;
        let is_over = |host: &&Host| host.node().samples().len() > limit as usize;
        let over = facts.after_turn().filter(is_over).map(Host::id);
        Breach::of_peers(over, &format!("more than {limit} samples"))
    }),
    always("elections-bounded", "No peer runs more elections than the limit allows.", |facts| {
        let limit = facts.limits.running;
        let over = facts.peers_where(|host| host.node().elections().len() > limit);
        Breach::of_peers(over, &format!("more than {limit} elections"))
    }),
    always("channels-bounded", "No election has more channels than the limit allows.", |facts| {
        let limit = facts.limits.channels;
        let is_over = |host: &Host| {
            host.node().elections().iter().any(|(election, _)| election.channel_count() > limit as usize)
        };
        Breach::of_peers(facts.peers_where(is_over), &format!("an election with more than {limit} channels"))
    }),
    always(
        "elections-end",
        "After the turn of its peer no election is older than its timeout by more than a round.",
        |facts| {
            let config = &facts.world.config().election;
            let limit = u64::from(config.timeout_rounds.max(config.min_collection_rounds)) + 1;
            let round = facts.world.clock().round(facts.now);
            let is_late = |host: &&Host| {
                let now = host.local_clock().shows(round);
                host.node().elections().iter().any(|(_, started)| now.since(started) > limit)
            };
            let late = facts.after_turn().filter(is_late).map(Host::id);
            Breach::of_peers(late, &format!("an election older than {limit} rounds"))
        },
    ),
    always(
        "no-message-from-the-future",
        "No message in flight was sent after this tick, or is overdue.",
        |facts| {
            let is_wrong = |due: u64, sent: u64| sent > facts.now.0 || due < facts.now.0;
            let network = facts.world.network();
            let mail = network.iter();
            let wrong = mail.filter(|(due, packet)| is_wrong(due.0, packet.sent.0));
            Breach::of_peers(
                wrong.map(|(_, packet)| network.route(packet).from),
                "a message at a time that cannot be",
            )
        },
    ),
    always("in-flight-bounded", "No more messages are in flight than the limit allows.", |facts| {
        let (found, limit) = (facts.in_flight.iter().sum::<u64>(), facts.limits.in_flight);
        Breach::of_world(found > limit as u64, || format!("{found} messages are on their way"))
    }),
    always(
        "who-rests-is-silent",
        "A crashed or paused peer sends nothing (checked between two ticks).",
        |_| None,
    ),
    always(
        "connections-are-earned",
        "A peer becomes Connected only by answering an invitation, or is Connected from the start.",
        |facts| unearned(facts.transitions),
    ),
    always("moves-are-legal", "Peer states change only by legal transitions.", |facts| {
        illegal(facts.transitions)
    }),
    always("invitations-suffice", "No more connections were formed than invitations were sent.", |facts| {
        let connections =
            facts.transitions(|one| one.to == PeerStateKind::Connected && one.cause == Cause::Reciprocation);
        let invitations = facts.messages.sent(MessageKind::Invitation) + facts.messages.duplicated;
        Breach::of_world(connections > invitations, || {
            format!("{connections} connections came of {invitations} invitations")
        })
    }),
    always(
        "nothing-overdue",
        "After the turn of its peer no invitation is unanswered, and no connection silent, beyond its timeout.",
        |facts| {
            let config = &facts.world.config().peers;
            let (pending, silence) = (config.pending_timeout_rounds, config.connection_timeout_rounds);
            let round = facts.world.clock().round(facts.now);
            let is_over = |host: &&Host| {
                let now = host.local_clock().shows(round);
                host.node().peers().iter().any(|(_, state)| match state {
                    PeerState::Identified { .. } => false,
                    PeerState::Pending { since } => now.since(since) > u64::from(pending) + 1,
                    PeerState::Connected { heard, .. } => now.since(heard) > u64::from(silence) + 1,
                })
            };
            let over = facts.after_turn().filter(is_over).map(Host::id);
            Breach::of_peers(over, "an invitation or a connection that should have timed out")
        },
    ),
    always(
        "winners-are-seen",
        "After the turn of its peer no election runs on that has collected answers for long enough and has a winner.",
        |facts| {
            let (config, universe) = (&facts.world.config().election, facts.world.universe());
            let round = facts.world.clock().round(facts.now);
            let is_blind = |host: &&Host| {
                let now = host.local_clock().shows(round);
                host.node().elections().iter().any(|(election, started)| {
                    now.since(started) > u64::from(config.min_collection_rounds) + 1
                        && election.valid_response_count() >= config.min_cluster_size as usize
                        && matches!(election.check_for_winner(config, universe), Outcome::Single { .. })
                })
            };
            // Requirements from a peer's own experience are known to the peer alone.
            let blind = facts.after_turn().filter(|_| !config.adaptive_threshold).filter(is_blind);
            Breach::of_peers(blind.map(Host::id), "an election with a winner that nobody looks at")
        },
    ),
    always(
        "answers-fit",
        "Every counted answer is about the token of its election, and proves what the challenge demands.",
        |facts| {
            let universe = facts.world.universe();
            let unfit = facts.peers_where(|host| has_unfit_answer(host, universe));
            Breach::of_peers(unfit, "an answer that does not fit")
        },
    ),
    always(
        "channels-differ",
        "The channels of an election have distinct tickets, and no more referrals behind them than the limit allows.",
        |facts| {
            let limit = facts.limits.hops;
            let channels = |election: &Election| election.channels().collect::<Vec<_>>();
            let is_broken = |host: &Host| {
                host.node().elections().iter().any(|(election, _)| are_broken(&channels(election), limit))
            };
            Breach::of_peers(
                facts.peers_where(is_broken),
                "channels that cannot be told apart, or lead too far",
            )
        },
    ),
    always("ledgers-of-known", "No peer keeps records of peers that are not in its table.", |facts| {
        let broken = |host: &Host| {
            let peers = host.node().peers();
            is_beyond(peers.interactions().peers(), |peer| peers.kind_of(peer))
        };
        Breach::of_peers(facts.peers_where(broken), "a record of somebody unknown")
    }),
    always("mail-is-there", "The number of messages in flight is the one counted.", |facts| {
        let network = facts.world.network();
        miscounted_mail(network.packets().count(), network.in_flight())
    }),
    always("luck-is-its-own", "Each peer has its own random stream.", |facts| {
        let streams = facts.world.hosts().iter().flat_map(|host| host.streams().map(|one| (one, host.id())));
        Breach::of_peers(twins(streams.collect()), "the luck of another one")
    }),
    always("returns-in-time", "A peer that is due to return has returned.", |facts| {
        let round = facts.world.clock().round(Tick(facts.now.0.saturating_sub(1)));
        let is_late = |host: &Host| facts.undisturbed && host.returns.is_some_and(|due| due < round);
        Breach::of_peers(facts.peers_where(is_late), "should have returned")
    }),
    always(
        "connections-counted",
        "The counts of gained and lost connections are those of the transitions.",
        |facts| {
            let own = |one: &Transition| one.cause != Cause::Introduction;
            let gained = facts.transitions(|one| own(one) && one.to == PeerStateKind::Connected);
            let lost = facts.transitions(|one| own(one) && one.from == PeerStateKind::Connected);
            let Turnover { gained: counted, lost: missed, .. } = facts.turnover;
            Breach::of_world((gained, lost) != (counted, missed), || {
                format!("{gained} came and {lost} went, and {counted} and {missed} are counted")
            })
        },
    ),
    always(
        "looking-changes-nothing",
        "A copy of the world has the fingerprint that the world had before anybody looked.",
        |facts| {
            let before = facts.fingerprint?;
            let after = facts.world.clone().fingerprint();
            Breach::of_world(before != after, || format!("{before} became {after}"))
        },
    ),
];

/// Whether there is a record of an unknown peer.
pub(super) fn is_beyond(
    mut recorded: impl Iterator<Item = PeerId>,
    standing: impl Fn(PeerId) -> PeerStateKind,
) -> bool {
    recorded.any(|peer| standing(peer) == PeerStateKind::Unknown)
}

fn has_unfit_answer(host: &Host, universe: &Universe) -> bool {
    let elections = host.node().elections().iter();
    elections.map(|(election, _)| election).any(|election| {
        election.responses().any(|(_, proof)| !fits(host.id(), election.token(), &proof.resolve(universe)))
    })
}

/// Whether a proof is about a token, and shows what this challenger demands.
pub(super) fn fits(challenger: PeerId, token: TokenId, proof: &Proof) -> bool {
    let shown = proof.signature.map(|mapping| suffix(mapping.token));
    proof.answer.token == token && shown == chunks(challenger, token, proof.answer.block)
}

/// Whether channels of an election have the same ticket, or more referrals behind them than this.
pub(super) fn are_broken(channels: &[(Ticket, u32)], limit: u32) -> bool {
    let is_twin = |(index, (ticket, _)): (usize, &(Ticket, u32))| {
        channels[..index].iter().any(|(other, _)| other == ticket)
    };
    channels.iter().enumerate().any(is_twin) || channels.iter().any(|(_, hops)| *hops > limit)
}

/// Peers whose random stream equals that of another.
pub(super) fn twins(mut streams: Vec<(u64, PeerId)>) -> Vec<PeerId> {
    sort::sort_by_key(&mut streams, |stream| *stream);
    streams.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).collect()
}

pub(super) fn miscounted_mail(found: usize, counted: usize) -> Option<Breach> {
    Breach::of_world(found != counted, || format!("{found} are on their way, and {counted} are counted"))
}

/// Content of a peer table, apart from the table, so that tests can falsify it.
pub(super) struct TableFacts {
    pub(super) owner: PeerId,
    pub(super) ids: Vec<PeerId>,
    pub(super) states: Vec<PeerStateKind>,
    /// As the table counts them: Identified, Pending, Connected.
    pub(super) counts: [u32; 3],
}

const STATE_KINDS: [PeerStateKind; 3] =
    [PeerStateKind::Identified, PeerStateKind::Pending, PeerStateKind::Connected];

impl TableFacts {
    fn of(host: &Host) -> Self {
        let table: &PeerTable = host.node().peers();
        Self {
            owner: host.id(),
            ids: table.iter().map(|(peer, _)| peer).collect(),
            states: table.iter().map(|(_, state)| state.kind()).collect(),
            counts: STATE_KINDS.map(|state| table.count(state)),
        }
    }

    pub(super) fn is_miscounted(&self) -> bool {
        let found =
            STATE_KINDS.map(|state| self.states.iter().filter(|other| **other == state).count() as u64);
        found != self.counts.map(u64::from)
    }

    pub(super) fn knows_owner(&self) -> bool {
        self.ids.contains(&self.owner)
    }
}

/// Ids that are not above the one before.
pub(super) fn disordered(ids: &[PeerId]) -> impl Iterator<Item = PeerId> {
    ids.windows(2).filter(|pair| pair[0] >= pair[1]).map(|pair| pair[1])
}

/// The first layer whose packets in flight are not those that are unaccounted for.
fn balance(packets: &[PacketCounts; LayerId::COUNT], in_flight: [u64; LayerId::COUNT]) -> Option<Breach> {
    let of = |layer: &'static LayerInfo| (layer, (&packets[layer.id as usize], in_flight[layer.id as usize]));
    let layers = LAYERS.iter().map(of);
    let mut broken = layers.filter(|(_, (counts, found))| counts.unaccounted() != Some(*found));
    broken.next().map(|(layer, (counts, found))| {
        let sent = counts.total() + counts.duplicated;
        let known = counts.ended() + found;
        Breach {
            peers: Vec::new(),
            text: format!(
                "{sent} packets of the {} were sent, and {known} are known",
                layer.title.to_ascii_lowercase()
            ),
        }
    })
}

fn elections_balance(elections: &ElectionMetrics) -> Option<Breach> {
    let ElectionMetrics { started, completed, timed_out, split_abandoned, open, .. } = *elections;
    let known = completed + timed_out + split_abandoned + open;
    Breach::of_world(known > started, || {
        format!("{started} have begun, and {known} have ended or are running")
    })
}

/// Limit of Identified peers: those demoted by distance pruning come after the eviction of others.
fn identified_limit(facts: &Facts<'_>) -> u32 {
    let config = &facts.world.config().peers;
    let pruned = if config.distance_pruning { facts.limits.connected } else { 0 };
    config.identified_capacity.saturating_add(pruned)
}

fn described(one: &Transition) -> String {
    format!("{:?} became {:?} by {:?}, {} times", one.from, one.to, one.cause, one.count)
}

fn unearned(transitions: &[Transition]) -> Option<Breach> {
    let is_earned = |one: &Transition| match one.cause {
        Cause::Introduction => true,
        cause => one.from == PeerStateKind::Pending && cause == Cause::Reciprocation,
    };
    let broken = transitions.iter().find(|one| one.to == PeerStateKind::Connected && !is_earned(one))?;
    Breach::of_world(true, || described(broken))
}

fn illegal(transitions: &[Transition]) -> Option<Breach> {
    let broken = transitions.iter().find(|one| !is_legal(one))?;
    Breach::of_world(true, || described(broken))
}

fn is_legal(one: &Transition) -> bool {
    use Cause::{
        Absence, Budget, Election, Eviction, Goodbye, Introduction, Invitation, NoReply, Pruning, Quality,
        Query, Reciprocation, Referral, Selection, Silence, Suspicion, Tenure,
    };
    use PeerStateKind::{Connected, Identified, Pending, Unknown};
    let causes: &[Cause] = match (one.from, one.to) {
        (Unknown, Identified) => &[Introduction, Referral, Invitation, Election, Query],
        (Unknown, Pending | Connected) => &[Introduction],
        (Identified, Pending) => &[Election, Selection],
        (Pending, Connected) => &[Reciprocation],
        (Pending, Identified) => &[NoReply, Goodbye, Quality],
        (Connected, Identified) => &[Silence, Pruning, Budget, Tenure, Goodbye, Quality],
        (Identified, Unknown) => &[Eviction, Absence, Goodbye, Suspicion],
        (Pending | Connected, Unknown) => &[Goodbye, Suspicion],
        _ => &[],
    };
    causes.contains(&one.cause)
}
