//! Frames, peers and histories as objects of typed arrays, which cross the border without a conversion per
//! number.

use js_sys::{
    Array, BigUint64Array, Float32Array, Float64Array, Object, Reflect, Uint8Array, Uint16Array, Uint32Array,
};
#[cfg(feature = "layers")]
use ringside_core::base::id::PeerId;
#[cfg(feature = "layers")]
use ringside_core::observe::block_map::{BlockMap, BlockMark};
#[cfg(feature = "layers")]
use ringside_core::observe::chain_log::ChainLog;
use ringside_core::observe::frame::{Frame, PeerView};
use ringside_core::observe::metrics::{COLUMNS, Column, History};
#[cfg(feature = "layers")]
use ringside_core::observe::radio_view::RadioMap;
use ringside_core::observe::ring_history::{ROWS, RingHistory};
#[cfg(feature = "layers")]
use ringside_core::observe::session_view::SessionRow;
use ringside_core::protocol::peer_table::ScoreParts;
use wasm_bindgen::JsValue;

/// Builder of a plain object.
#[derive(Default)]
struct Fields(Object);

impl Fields {
    fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&self.0, &name.into(), &value.into());
        self
    }
}

/// `Frame` of the contract.
pub(crate) fn frame(frame: &Frame) -> Object {
    Fields::default()
        .with("tick", number(frame.tick))
        .with("peerId", BigUint64Array::from(&frame.peer_id[..]))
        .with("position", Float32Array::from(&frame.position[..]))
        .with("status", Uint8Array::from(&frame.status[..]))
        .with("behavior", Uint8Array::from(&frame.behavior[..]))
        .with("connected", Uint16Array::from(&frame.connected[..]))
        .with("messageFrom", Uint32Array::from(&frame.message_from[..]))
        .with("messageTo", Uint32Array::from(&frame.message_to[..]))
        .with("messageKind", Uint8Array::from(&frame.message_kind[..]))
        .with("messageSent", Float64Array::from(&frame.message_sent[..]))
        .with("messageDue", Float64Array::from(&frame.message_due[..]))
        .with("inFlight", number(frame.in_flight))
        .with("cut", Float64Array::from(&frame.cut[..]))
        .with("side", Uint8Array::from(&frame.side[..]))
        .with("barriers", frame.barriers.iter().map(JsValue::from).collect::<Array>())
        .with("holds", frame.holds)
        .0
}

/// `PeerDetail` of the contract.
pub(crate) fn peer(peer: &PeerView) -> Object {
    let [identified, pending, connected] = peer.known;
    let status = peer.status.name();
    Fields::default()
        .with("id", peer.id.to_string())
        .with("status", status)
        .with("behavior", peer.behavior.name())
        .with("skew", signed(peer.local_clock.skew))
        .with("rate", peer.local_clock.rate)
        .with("identified", identified)
        .with("pending", pending)
        .with("connected", connected)
        .with("samples", peer.samples)
        .with("elections", peer.elections)
        .with("tokens", peer.tokens)
        .with("reach", peer.reach)
        .with("contacts", Uint32Array::from(&peer.contacts[..]))
        .with("contactState", Uint8Array::from(&peer.contact_state[..]))
        .with("scores", scores(&peer.scores))
        .0
}

/// `PeerScores` of the contract.
fn scores(scores: &[ScoreParts]) -> Object {
    let ids: Vec<u64> = scores.iter().map(|score| score.peer.get()).collect();
    let numbers = |of: fn(&ScoreParts) -> u64| {
        let numbers: Vec<f64> = scores.iter().map(|score| number(of(score))).collect();
        Float64Array::from(&numbers[..])
    };
    Fields::default()
        .with("peer", BigUint64Array::from(&ids[..]))
        .with("quality", numbers(|score| score.quality))
        .with("queries", numbers(|score| score.queries))
        .with("points", numbers(|score| score.points))
        .with("invitations", numbers(|score| score.invitations.into()))
        .0
}

/// `History` of the contract.
pub(crate) fn history(history: &History) -> Object {
    let with = |fields: Fields, column: &Column| {
        let numbers: Vec<f64> = history.samples().iter().map(|sample| column.read(sample)).collect();
        fields.with(&column.name, Float64Array::from(&numbers[..]))
    };
    COLUMNS.iter().fold(Fields::default(), with).0
}

/// `RingHistory` of the contract.
pub(crate) fn ring_history(diagram: &RingHistory) -> Object {
    let cells: Vec<u16> = diagram.columns().flatten().copied().collect();
    Fields::default()
        .with("rows", ROWS)
        .with("roundsPerColumn", number(diagram.interval()))
        .with("cells", Uint16Array::from(&cells[..]))
        .0
}

/// `SessionRows` of the contract.
#[cfg(feature = "layers")]
pub(crate) fn sessions(rows: &[SessionRow]) -> Object {
    let id = |peer: Option<PeerId>| peer.map_or(0, PeerId::get);
    let time = |tick: Option<u64>| tick.map_or(f64::NAN, number);
    let hosts: Vec<_> = rows.iter().map(|row| row.host.get()).collect();
    let peers: Vec<_> = rows.iter().map(|row| id(row.peer)).collect();
    let opened: Vec<_> = rows.iter().map(|row| time(row.opened)).collect();
    let closed: Vec<_> = rows.iter().map(|row| time(row.closed)).collect();
    let states: Vec<_> = rows.iter().map(|row| row.state as u8).collect();
    let directions: Vec<_> = rows.iter().map(|row| row.direction as u8).collect();
    let generations: Vec<_> = rows.iter().map(|row| row.generation).collect();
    let pings: Vec<_> = rows.iter().map(|row| row.outstanding_pings).collect();
    Fields::default()
        .with("host", BigUint64Array::from(&hosts[..]))
        .with("peer", BigUint64Array::from(&peers[..]))
        .with("opened", Float64Array::from(&opened[..]))
        .with("closed", Float64Array::from(&closed[..]))
        .with("state", Uint8Array::from(&states[..]))
        .with("direction", Uint8Array::from(&directions[..]))
        .with("generation", Uint32Array::from(&generations[..]))
        .with("pings", Uint32Array::from(&pings[..]))
        .0
}

/// `ForkRows` of the contract.
#[cfg(feature = "layers")]
pub(crate) fn forks(chains: &ChainLog) -> Object {
    let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let branches = chains.branches();
    let parent = |parent: (usize, u32)| f64::from(index(parent.0));
    let parents: Vec<_> = branches.iter().map(|one| one.parent.map_or(f64::NAN, parent)).collect();
    let forks: Vec<_> = branches.iter().map(|one| one.parent.map_or(0, |parent| parent.1)).collect();
    let heights: Vec<_> = branches.iter().map(|one| one.height).collect();
    let begins: Vec<_> =
        branches.iter().map(|one| one.growth.first().map_or(0.0, |step| number(step.0))).collect();
    let changes =
        || (0..).zip(branches).flat_map(|(at, one)| one.hosts.iter().map(move |change| (at, change)));
    let on: Vec<u32> = changes().map(|(branch, _)| branch).collect();
    let ticks: Vec<_> = changes().map(|(_, change)| number(change.0)).collect();
    let hosts: Vec<_> = changes().map(|(_, change)| change.1).collect();
    let replaced = || chains.replacements();
    let replaced_ticks: Vec<_> = replaced().map(|one| number(one.tick)).collect();
    let from: Vec<_> = replaced().map(|one| index(one.from)).collect();
    let to: Vec<_> = replaced().map(|one| index(one.to)).collect();
    let depths: Vec<_> = replaced().map(|one| one.depth).collect();
    Fields::default()
        .with("parent", Float64Array::from(&parents[..]))
        .with("forkedAt", Uint32Array::from(&forks[..]))
        .with("height", Uint32Array::from(&heights[..]))
        .with("begin", Float64Array::from(&begins[..]))
        .with("branch", Uint32Array::from(&on[..]))
        .with("tick", Float64Array::from(&ticks[..]))
        .with("hosts", Uint32Array::from(&hosts[..]))
        .with("replacedTick", Float64Array::from(&replaced_ticks[..]))
        .with("replacedFrom", Uint32Array::from(&from[..]))
        .with("replacedTo", Uint32Array::from(&to[..]))
        .with("replacedDepth", Uint32Array::from(&depths[..]))
        .0
}

/// `RadioMap` of the contract.
#[cfg(feature = "layers")]
pub(crate) fn radio_map(map: &RadioMap) -> Object {
    let hosts: Vec<_> = map.nodes.iter().map(|node| node.host.get()).collect();
    let xs: Vec<_> = map.nodes.iter().map(|node| node.x).collect();
    let ys: Vec<_> = map.nodes.iter().map(|node| node.y).collect();
    let gateways: Vec<_> = map.nodes.iter().map(|node| u8::from(node.is_gateway)).collect();
    let duties: Vec<_> = map.nodes.iter().map(|node| number(node.duty) / 1_000_000.0).collect();
    let waiting: Vec<_> = map.nodes.iter().map(|node| node.waiting).collect();
    let heard: Vec<_> = map.nodes.iter().map(|node| node.heard).collect();
    let senders: Vec<_> = map.on_air.iter().map(|one| one.from.get()).collect();
    let kinds: Vec<_> = map.on_air.iter().map(|one| one.kind).collect();
    let ages: Vec<_> = map.ledger.iter().map(|bar| number(bar.age_ms)).collect();
    let airtimes: Vec<_> = map.ledger.iter().map(|bar| number(bar.airtime_us) / 1_000.0).collect();
    Fields::default()
        .with("areaM", map.area_m)
        .with("rangeM", number(map.range_m))
        .with("host", BigUint64Array::from(&hosts[..]))
        .with("x", Uint32Array::from(&xs[..]))
        .with("y", Uint32Array::from(&ys[..]))
        .with("gateway", Uint8Array::from(&gateways[..]))
        .with("duty", Float64Array::from(&duties[..]))
        .with("waiting", Uint32Array::from(&waiting[..]))
        .with("heard", Uint32Array::from(&heard[..]))
        .with("sender", BigUint64Array::from(&senders[..]))
        .with("kind", Uint8Array::from(&kinds[..]))
        .with("ledgerAgeMs", Float64Array::from(&ages[..]))
        .with("ledgerMs", Float64Array::from(&airtimes[..]))
        .with("budgetMs", map.budget_ms.map_or(JsValue::NULL, |budget| number(budget).into()))
        .0
}

/// `BlockMap` of the contract.
#[cfg(feature = "layers")]
pub(crate) fn block_map(map: &BlockMap) -> Object {
    let disputed: Vec<_> = map.disputed.iter().map(|token| token.get()).collect();
    let waits: Vec<_> = map.waiting.iter().map(|wait| wait.id.get()).collect();
    let numbers = map
        .waiting
        .iter()
        .flat_map(|wait| [clamped(wait.age), wait.cause as u32, wait.decided, wait.tokens, wait.votes]);
    let numbers: Vec<_> = numbers.collect();
    Fields::default()
        .with("threshold", map.threshold)
        .with("blocks", map.blocks.iter().map(|block| JsValue::from(block_mark(block))).collect::<Array>())
        .with("disputed", BigUint64Array::from(&disputed[..]))
        .with("waiting", BigUint64Array::from(&waits[..]))
        .with("waits", Uint32Array::from(&numbers[..]))
        .0
}

#[cfg(feature = "layers")]
fn block_mark(block: &BlockMark) -> Object {
    let holders: Vec<_> = block.holders.iter().map(|holder| holder.0.get()).collect();
    let stands: Vec<_> = block.holders.iter().map(|holder| holder.1 as u8).collect();
    let tokens: Vec<_> = block.tokens.iter().map(|one| one.token.get()).collect();
    let votes: Vec<_> = block.tokens.iter().flat_map(|one| [one.yes, one.no]).collect();
    let ranges = block.tokens.iter().map(|one| {
        let range: Vec<_> = one.range.iter().map(|peer| peer.get()).collect();
        JsValue::from(BigUint64Array::from(&range[..]))
    });
    let messages = block.messages.iter().flat_map(|(from, to)| [from.get(), to.get()]);
    let messages: Vec<_> = messages.collect();
    Fields::default()
        .with("id", block.id.get().to_string())
        .with("round", number(block.time.0))
        .with("token", BigUint64Array::from(&tokens[..]))
        .with("votes", Uint32Array::from(&votes[..]))
        .with("range", ranges.collect::<Array>())
        .with("holder", BigUint64Array::from(&holders[..]))
        .with("stand", Uint8Array::from(&stands[..]))
        .with("messages", BigUint64Array::from(&messages[..]))
        .0
}

#[cfg(feature = "layers")]
fn clamped(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Counter as a number of JavaScript: exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counters stay far below 2^53")]
const fn number(count: u64) -> f64 {
    count as f64
}

/// Offset in rounds as a number of JavaScript: exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "rounds stay far below 2^53")]
const fn signed(rounds: i64) -> f64 {
    rounds as f64
}
