//! Worlds of any size with the same work per peer.

use ringside_core::scenario::Scenario;

/// The universe of the preset, for its 30 peers.
const PRESET_TOKENS: u32 = 100_000;
/// The most that the knob allows.
const MAX_TOKENS: u32 = 2_000_000;

/// A number of tokens proportional to the number of peers, up to the maximum of the knob.
pub(crate) fn tokens_for(peers: u32) -> u32 {
    (PRESET_TOKENS * peers / 30).min(MAX_TOKENS)
}

/// The preset `lifecycle` with this many peers and tokens. Each peer holds about 72,000 of them, as in
/// the preset: the fewer there are, the farther a peer's tokens reach.
pub(crate) fn lifecycle(peers: u32, tokens: u32) -> Scenario {
    let mut scenario = Scenario::preset("lifecycle").expect("a preset");
    scenario.config.genesis.peers = peers;
    scenario.config.tokens.total = tokens;
    scenario.config.tokens.neighbor_overlap = (PRESET_TOKENS / 30 * 10 * peers).div_ceil(tokens);
    assert_eq!(scenario.check(), []);
    scenario
}
