//! Properties of random operations under random rules.

use std::collections::BTreeSet;

use super::*;

/// An operation on an election, with small numbers so that operations meet.
#[derive(Clone, Debug)]
enum Operation {
    Open(u64),
    Answer { channel: u64, family: u64, from: u64 },
    Refer { channel: u64, to: [u64; 2] },
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        (0..12_u64).prop_map(Operation::Open),
        (0..12_u64, 0..3_u64, 0..12_u64).prop_map(|(channel, family, from)| Operation::Answer {
            channel,
            family,
            from
        }),
        (0..12_u64, prop::array::uniform2(0..12_u64))
            .prop_map(|(channel, to)| Operation::Refer { channel, to }),
    ]
}

proptest! {
    #[test]
    fn no_peer_counts_twice_and_limits_hold(operations in prop::collection::vec(operation(), 0..60), ends: bool) {
        let config = if ends { bounded(4) } else { config() };
        let mut taken = BTreeSet::new();
        let mut election = Election::new(TOKEN, peer(3), [7; 32]);
        let mut rng = rng();
        for operation in operations {
            let ticket_of = |hop: u64| ticket(TOKEN, peer(hop), &[7; 32]);
            // Errors are part of the contract: the properties below hold after them too.
            let _ = match operation {
                Operation::Open(hop) => election.open_channel(peer(hop), &config).map(|_| ()),
                Operation::Answer { channel, family, from } => {
                    let proof = proof_for(peer(3), family).into();
                    let outcome = answer_under(&mut election, ticket_of(channel), proof, from, &config);
                    taken.extend(outcome.is_ok().then_some(peer(from)));
                    outcome.map(|_| ())
                }
                Operation::Refer { channel, to } => election
                    .handle_referral(ticket_of(channel), TOKEN, to.map(peer), &config, &mut rng)
                    .map(|_| ()),
            };
            prop_assert!(election.channel_count() <= config.max_channels as usize);
            let mut hops: Vec<PeerId> = election.channels.iter().map(|channel| channel.first_hop).collect();
            hops.sort_unstable();
            let count = hops.len();
            hops.dedup();
            prop_assert_eq!(hops.len(), count, "one channel for each first hop");
            prop_assert!(!hops.contains(&peer(3)), "the owner asks others");
            if let Outcome::Single { cluster, .. } = election.check_for_winner(&config, &NoTable) {
                let mut members = cluster.members.clone();
                members.sort_unstable();
                members.dedup();
                prop_assert_eq!(members.len(), cluster.members.len());
            }
            let voters: Vec<PeerId> = election.voters().into_iter().map(|voter| voter.peer).collect();
            prop_assert!(voters.iter().all(|voter| taken.contains(voter)), "{voters:?} of {taken:?}");
            let answering = election.responses().map(|(peer, _)| peer).collect::<BTreeSet<_>>();
            prop_assert_eq!(voters.len(), answering.len(), "each responder votes once");
        }
    }
}

proptest! {
    /// By any rules, with wrong proofs among the answers and invitations that open channels of their own.
    #[test]
    fn by_any_rules_voters_count_once_and_blocked_peers_never(
        operations in prop::collection::vec((operation(), prop::bool::weighted(0.2)), 0..60),
        admitted in prop::option::of(0..12_u64),
        duplicates in prop::sample::select(vec![
            DuplicateRule::BlockChannel, DuplicateRule::BlockPeer, DuplicateRule::FirstCounts,
        ]),
        splits in prop::sample::select(vec![SplitRule::AnyTwo, SplitRule::Disjoint, SplitRule::Contradicting]),
        referral_drops_answer: bool,
    ) {
        let config = ElectionConfig { duplicates, referral_drops_answer, splits, ..bounded(4) };
        let mut election = Election::new(TOKEN, peer(3), [7; 32]);
        let mut rng = rng();
        let mut kept = PairwiseAgreement::default();
        let invent = |family| proof_for(peer(3), family).into();
        if let Some(inviter) = admitted {
            let proof = verify(invent(1), TOKEN, peer(3), &NoTable).unwrap();
            let _ = election.admit(peer(inviter), proof, &config);
        }
        for (operation, is_wrong) in operations {
            let ticket_of = |hop: u64| ticket(TOKEN, peer(hop), &[7; 32]);
            let before = election.valid_response_count();
            match operation {
                Operation::Open(hop) => {
                    let _ = election.open_channel(peer(hop), &config);
                }
                Operation::Answer { channel, family, from } => {
                    let proof = if is_wrong { wrong() } else { invent(family) };
                    let taken = answer_under(&mut election, ticket_of(channel), proof, from, &config);
                    let after = election.valid_response_count();
                    prop_assert!(taken.is_err() || after == before + 1, "an answer that is taken counts");
                    prop_assert!(taken.is_ok() || after <= before, "one that is refused does not");
                    let never_costs = duplicates == DuplicateRule::FirstCounts;
                    prop_assert!(!never_costs || after >= before);
                }
                Operation::Refer { channel, to } => {
                    let _ = election.handle_referral(ticket_of(channel), TOKEN, to.map(peer), &config, &mut rng);
                    let keeps = !referral_drops_answer;
                    prop_assert!(!keeps || election.valid_response_count() == before);
                }
            }
            prop_assert!(duplicates == DuplicateRule::BlockPeer || election.blocked_peer_count() == 0);
            let continued = election.summarize(&config, &NoTable, &mut kept);
            let from_nothing = election.summarize(&config, &NoTable, &mut PairwiseAgreement::default());
            prop_assert_eq!(format!("{continued:?}"), format!("{from_nothing:?}"), "kept from answer to answer");
            let voters: Vec<PeerId> = election.voters().into_iter().map(|voter| voter.peer).collect();
            let clusters = match election.check_for_winner(&config, &NoTable) {
                Outcome::Single { winner, cluster } => {
                    prop_assert!(voters.contains(&winner));
                    vec![cluster]
                }
                Outcome::SplitBrain { winners, clusters } => {
                    prop_assert!(clusters.iter().zip(winners).all(|(cluster, winner)| cluster.members.contains(&winner)));
                    clusters.to_vec()
                }
                Outcome::NoConsensus => Vec::new(),
            };
            for cluster in clusters {
                let mut members = cluster.members.clone();
                members.sort_unstable();
                members.dedup();
                prop_assert_eq!(members.len(), cluster.members.len(), "no voter counts twice");
                prop_assert!(members.iter().all(|member| voters.contains(member) && !election.is_blocked(*member)));
                prop_assert_eq!(election.signatures(&cluster).count(), members.len());
            }
        }
    }
}
