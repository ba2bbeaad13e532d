//! Worlds of any size that are alike in what a peer has to do.

use ringside_core::scenario::Scenario;

/// The universe of the preset for its 30 peers.
const PRESET_TOKENS: u32 = 100_000;
/// The most that the knob allows.
const MAX_TOKENS: u32 = 2_000_000;

/// The preset `lifecycle` with this many peers, each of which holds about 72,000 tokens, as in the preset: the universe
/// grows with the peers up to the limit of its knob, and beyond that the reach of each peer.
pub(crate) fn lifecycle(peers: u32) -> Scenario {
    let mut scenario = Scenario::preset("lifecycle").expect("a preset");
    let wanted = PRESET_TOKENS * peers / 30;
    let tokens = wanted.min(MAX_TOKENS);
    scenario.config.genesis.peers = peers;
    scenario.config.tokens.total = tokens;
    scenario.config.tokens.neighbor_overlap = (10 * wanted).div_ceil(tokens);
    assert_eq!(scenario.check(), []);
    scenario
}
