//! The table of measurements.

use crate::measure::Measurement;

/// The heading. `ratio` compares speeds: wasm with native code, and the kernel with the hand-written loop.
pub(crate) const HEADER: &str = "\
work         size     engine       module     M msg/s  ns/message  ns/node-step  bytes/node  keyframe  ratio  fingerprint";

/// A line of the table, given the measurements before it.
pub(crate) fn line(measured: &Measurement, before: &[Measurement]) -> String {
    let Measurement { work, size, engine, variant, fingerprint, .. } = measured;
    let variant = variant.as_deref().unwrap_or_default();
    let ratio = reference(measured, before).and_then(|other| measured.ratio(other));
    let ratio = ratio.map(|ratio| format!("{ratio:.2}"));
    let keyframe = measured.keyframe_bytes.map(|bytes| format!("{:.0} kB", bytes / 1_000.0));
    format!(
        "{work:<9} {size:>7}  {engine:>9}  {variant:>11}  {:>10.2}  {:>10.0}  {:>12.0}  {:>10.0}  {:>8}  {:>5}  {fingerprint}",
        measured.delivered_per_second / 1e6,
        measured.nanoseconds_per_message,
        measured.nanoseconds_per_node_and_step,
        measured.bytes_per_node,
        keyframe.unwrap_or_default(),
        ratio.unwrap_or_default(),
    )
}

/// The measurement to compare with; `None` if there is none.
fn reference<'a>(measured: &Measurement, before: &'a [Measurement]) -> Option<&'a Measurement> {
    let work = match (measured.engine.as_str(), measured.work.as_str()) {
        ("native", "exchange") => "by-hand",
        ("native", _) => return None,
        (_, work) => work,
    };
    before.iter().find(|it| it.engine == "native" && it.work == work && it.size == measured.size)
}
