//! Split brains and winners.

use super::*;

#[test]
fn the_nearest_member_of_a_cluster_wins() {
    let outcome = answered(&[(1, 1), (2, 1)]).check_for_winner(&config(), &NoTable);
    let Outcome::Single { winner, cluster } = outcome else { panic!("{outcome:?}") };
    assert_eq!(winner, peer(2), "997 is nearer than 998");
    assert_eq!((cluster.members.len(), cluster.weakest_agreement), (2, 10));
}

#[test]
fn two_clusters_without_majority_are_a_split_brain() {
    let mut election = answered(&[(10, 1), (20, 1), (30, 2), (40, 2)]);
    let outcome = election.check_for_winner(&config(), &NoTable);
    assert!(matches!(outcome, Outcome::SplitBrain { winners, .. } if winners == [peer(20), peer(40)]));
    let ticket = open(&mut election, 50);
    answer(&mut election, ticket, 1, peer(50)).unwrap();
    let outcome = election.check_for_winner(&config(), &NoTable);
    assert!(
        matches!(&outcome, Outcome::Single { winner, cluster } if *winner == peer(50) && cluster.members.len() == 3),
        "three of five are the inclusive majority of 0.6: {outcome:?}"
    );
}

#[test]
fn one_voice_or_disagreement_is_no_consensus() {
    assert_eq!(answered(&[]).check_for_winner(&config(), &NoTable), Outcome::NoConsensus);
    assert_eq!(answered(&[(1, 1)]).check_for_winner(&config(), &NoTable), Outcome::NoConsensus);
    assert_eq!(answered(&[(1, 1), (2, 2)]).check_for_winner(&config(), &NoTable), Outcome::NoConsensus);
}

#[test]
fn one_peer_on_two_channels_is_one_voice() {
    let mut election = election();
    for first_hop in [1, 2] {
        let ticket = open(&mut election, first_hop);
        answer(&mut election, ticket, 1, peer(9)).unwrap();
    }
    assert_eq!(election.responses().count(), 2);
    assert_eq!(election.check_for_winner(&config(), &NoTable), Outcome::NoConsensus);
}

/// A proof with one token of each of ten families.
fn woven(families: [u64; 10], block: u64) -> StorageProof {
    let mut woven = proof(0);
    for (index, family) in families.into_iter().enumerate() {
        woven.signature[index] = proof(family).signature[index];
        woven.signature[index].block = BlockId::new(block);
    }
    woven.into()
}

fn voted(votes: Vec<(u64, StorageProof)>) -> Election {
    let mut election = election();
    for (responder, proof) in votes {
        let ticket = open(&mut election, responder);
        election.handle_answer(ticket, proof, peer(responder), rules(&config())).unwrap();
    }
    election
}

fn ruled(splits: SplitRule, consensus_threshold: u32) -> ElectionConfig {
    ElectionConfig {
        splits,
        consensus_threshold,
        majority_threshold: Ratio::from_millionths(900_000),
        ..config()
    }
}

/// The winners of an outcome: one, two or none.
fn winners(outcome: &Outcome) -> Vec<u64> {
    match outcome {
        Outcome::Single { winner, .. } => vec![winner.get()],
        Outcome::SplitBrain { winners, .. } => winners.map(PeerId::get).to_vec(),
        Outcome::NoConsensus => Vec::new(),
    }
}

#[test]
fn clusters_that_share_members_are_a_split_brain_only_for_the_shipped_rule() {
    // 10 and 20 agree on seven, 20 and 30 on five, 10 and 30 on two.
    let (a, b, c) = ([1; 10], [1, 1, 1, 1, 1, 1, 1, 3, 3, 3], [1, 1, 4, 4, 4, 4, 4, 3, 3, 3]);
    let election = voted(vec![(10, woven(a, 42)), (20, woven(b, 42)), (30, woven(c, 42))]);
    let outcome = |splits| election.check_for_winner(&ruled(splits, 5), &NoTable);
    assert_eq!(winners(&outcome(SplitRule::AnyTwo)), [20, 30]);
    assert_eq!(winners(&outcome(SplitRule::Disjoint)), [20]);
    let Outcome::Single { cluster, .. } = outcome(SplitRule::Disjoint) else { panic!("it is decided") };
    assert_eq!(cluster.members, [peer(10), peer(20)], "those who agree more");
}

#[test]
fn clusters_that_have_looked_in_different_places_are_a_split_brain_unless_only_contradictions_divide() {
    let votes = |block| {
        let (here, there) = ([1; 10], [2; 10]);
        vec![
            (10, woven(here, 42)),
            (20, woven(here, 42)),
            (30, woven(there, block)),
            (40, woven(there, block)),
        ]
    };
    let election = voted(votes(42));
    for (splits, expected) in [
        (SplitRule::AnyTwo, vec![20, 40]),
        (SplitRule::Disjoint, vec![20, 40]),
        // All four agree, and 40 is the nearest.
        (SplitRule::Contradicting, vec![40]),
    ] {
        assert_eq!(winners(&election.check_for_winner(&ruled(splits, 8), &NoTable)), expected, "{splits:?}");
    }
    let Outcome::Single { cluster, .. } =
        election.check_for_winner(&ruled(SplitRule::Contradicting, 8), &NoTable)
    else {
        panic!("it is decided")
    };
    assert_eq!(cluster.members, [peer(10), peer(20)], "the deciding cluster is what it was");
}

#[test]
fn clusters_that_map_a_token_to_different_blocks_are_always_a_split_brain() {
    let here = [1; 10];
    let votes =
        vec![(10, woven(here, 42)), (20, woven(here, 42)), (30, woven(here, 43)), (40, woven(here, 43))];
    let election = voted(votes);
    for splits in [SplitRule::AnyTwo, SplitRule::Disjoint, SplitRule::Contradicting] {
        let outcome = election.check_for_winner(&ruled(splits, 8), &NoTable);
        assert!(matches!(outcome, Outcome::SplitBrain { .. }), "{splits:?}");
        assert_eq!(winners(&outcome), [20, 40]);
    }
}

#[test]
fn those_who_contradict_the_decisive_cluster_do_not_win() {
    // 50 is the nearest to the token, and contradicts; 40 is an ally.
    let votes = vec![
        (10, woven([1; 10], 42)),
        (20, woven([1; 10], 42)),
        (30, woven([2; 10], 42)),
        (40, woven([2; 10], 42)),
        (49, woven([1; 10], 43)),
        (50, woven([1; 10], 43)),
    ];
    let config = ElectionConfig {
        majority_threshold: Ratio::from_millionths(300_000),
        ..ruled(SplitRule::Contradicting, 8)
    };
    assert_eq!(winners(&voted(votes).check_for_winner(&config, &NoTable)), [40]);
}

#[test]
fn the_members_of_a_cluster_come_with_the_proofs_on_which_they_agree() {
    let election = answered(&[(10, 1), (20, 1), (30, 2), (40, 2)]);
    let Outcome::SplitBrain { clusters, .. } = election.check_for_winner(&config(), &NoTable) else {
        panic!("it is split")
    };
    for (cluster, family) in clusters.iter().zip([1, 2]) {
        let signed: Vec<(PeerId, StorageProof)> =
            election.signatures(cluster).map(|(peer, proof)| (peer, proof.clone())).collect();
        let expected: Vec<(PeerId, StorageProof)> =
            cluster.members.iter().map(|member| (*member, invented(family))).collect();
        assert_eq!(signed, expected);
        assert_eq!((cluster.weakest_agreement, cluster.total_agreement), (10, 10));
    }
}

#[test]
fn a_peer_on_two_channels_is_two_answers_and_one_voice_that_of_its_first() {
    let mut election = election();
    for (first_hop, family) in [(1, 1), (2, 2), (3, 2)] {
        let ticket = open(&mut election, first_hop);
        let from = if first_hop == 3 { 3 } else { 9 };
        answer(&mut election, ticket, family, peer(from)).unwrap();
    }
    assert_eq!(election.valid_response_count(), 3);
    assert_eq!(
        election.check_for_winner(&config(), &NoTable),
        Outcome::NoConsensus,
        "its second answer would agree"
    );
}

#[test]
fn as_many_must_agree_as_make_a_cluster() {
    let election = answered(&[(1, 1), (2, 1), (3, 2)]);
    let outcome = |min_cluster_size| {
        election.check_for_winner(&ElectionConfig { min_cluster_size, ..config() }, &NoTable)
    };
    assert_eq!(winners(&outcome(2)), [2]);
    assert_eq!(outcome(3), Outcome::NoConsensus);
    assert_eq!(outcome(4), Outcome::NoConsensus);
    let alone = ElectionConfig { min_cluster_size: 1, ..config() };
    assert_eq!(winners(&answered(&[(1, 1)]).check_for_winner(&alone, &NoTable)), [1]);
}

#[test]
fn as_much_must_be_agreed_on_as_the_threshold_says() {
    let (all, seven) = ([1; 10], [1, 1, 1, 1, 1, 1, 1, 2, 2, 2]);
    let election = voted(vec![(10, woven(all, 42)), (20, woven(seven, 42))]);
    assert_eq!(winners(&election.check_for_winner(&ruled(SplitRule::AnyTwo, 7), &NoTable)), [20]);
    assert_eq!(election.check_for_winner(&ruled(SplitRule::AnyTwo, 8), &NoTable), Outcome::NoConsensus);
}
