//! Peers that have lost one another, and the contacts that they keep aside (`peers.rejoin_rounds`).

use ringside_core::sim::command::Command;

use crate::{inject, run_with};

#[test]
fn a_neighbor_that_leaves_strands_nobody_in_a_chain() {
    let islands = |settings: &[&str]| {
        let mut run = run_with(&[settings, &["genesis.topology=chain", "genesis.peers=12"]].concat());
        let middle = run.world().hosts()[6].id();
        inject(&mut run, Command::Leave { peer: middle });
        run.tick(500);
        run.shape().mutual_components.count
    };
    assert!(islands(&[]) > 1);
    assert_eq!(islands(&["peers.rejoin_rounds=10"]), 1);
}
