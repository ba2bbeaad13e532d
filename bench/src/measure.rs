//! Measurement of one workload on one engine.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use ringside_bench::Work;
use serde::{Deserialize, Serialize};

use crate::heap::in_use;

/// Number of parts of a run. The fastest counts, because other load only slows parts down.
const PARTS: u32 = 8;
/// The most steps of a part.
const STEPS_MAX: u32 = 10_000;

/// A workload with its size and its length.
pub(crate) struct Task {
    pub(crate) work: String,
    pub(crate) size: u32,
    /// Steps before the measurement.
    warm_up: u32,
    /// Steps of a part.
    steps: u32,
}

/// The engine that runs the workload.
#[derive(Clone, Copy)]
pub(crate) enum Engine<'a> {
    /// This program.
    Native,
    /// A Node script that runs the module in Node or in a browser.
    Wasm { name: &'a str, variant: &'a str, driver: &'a Path, module: &'a Path },
}

/// The raw measurements of an engine.
#[derive(Deserialize)]
struct Reading {
    /// Time of creation.
    open_seconds: f64,
    /// Time of each part.
    seconds: Vec<f64>,
    /// Delivered messages of each part.
    delivered: Vec<f64>,
    /// Memory at the end.
    bytes: f64,
    /// Memory of a keyframe; `None` in wasm.
    keyframe_bytes: Option<f64>,
    fingerprint: String,
}

/// A measurement of a task on an engine.
#[derive(Serialize)]
pub(crate) struct Measurement {
    pub(crate) work: String,
    pub(crate) size: u32,
    pub(crate) engine: String,
    /// The variant of the module; `None` if native.
    pub(crate) variant: Option<String>,
    pub(crate) open_seconds: f64,
    pub(crate) delivered_per_second: f64,
    /// Delivered messages per second in each part.
    pub(crate) by_parts: Vec<f64>,
    pub(crate) nanoseconds_per_message: f64,
    pub(crate) nanoseconds_per_node_and_step: f64,
    pub(crate) bytes_per_node: f64,
    pub(crate) keyframe_bytes: Option<f64>,
    pub(crate) fingerprint: String,
}

impl Task {
    /// A task whose parts have about `visits` steps of single nodes.
    pub(crate) fn new(work: &str, size: u32, warm_up: u32, visits: u32) -> Self {
        let steps = (visits / size.max(1)).clamp(2, STEPS_MAX);
        Self { work: work.to_owned(), size, warm_up, steps }
    }
}

impl Measurement {
    /// The ratio of the speeds of two measurements: the median over the parts, which are the same work
    /// for both.
    pub(crate) fn ratio(&self, other: &Self) -> Option<f64> {
        let mut ratios: Vec<f64> =
            self.by_parts.iter().zip(&other.by_parts).map(|(one, other)| one / other).collect();
        ratios.sort_by(f64::total_cmp);
        let middle = ratios.len().checked_sub(1)? / 2;
        Some(f64::midpoint(ratios[middle], ratios[ratios.len() / 2]))
    }
}

/// Runs a task on an engine.
pub(crate) fn measure(engine: Engine<'_>, task: &Task) -> Result<Measurement> {
    let (name, variant, reading) = match engine {
        Engine::Native => ("native", None, run_native(task)?),
        Engine::Wasm { name, variant, driver, module } => {
            (name, Some(variant.to_owned()), run_script(name, driver, module, task)?)
        }
    };
    let parts = reading.seconds.iter().zip(&reading.delivered);
    let by_parts: Vec<f64> = parts.map(|(seconds, delivered)| delivered / seconds).collect();
    let delivered_per_second = by_parts.iter().copied().fold(0.0, f64::max);
    let seconds = reading.seconds.iter().copied().fold(f64::INFINITY, f64::min);
    let (size, steps) = (f64::from(task.size), f64::from(task.steps));
    Ok(Measurement {
        work: task.work.clone(),
        size: task.size,
        engine: name.to_owned(),
        variant,
        open_seconds: reading.open_seconds,
        delivered_per_second,
        by_parts,
        nanoseconds_per_message: 1e9 / delivered_per_second,
        nanoseconds_per_node_and_step: seconds * 1e9 / size / steps,
        bytes_per_node: reading.bytes / size,
        keyframe_bytes: reading.keyframe_bytes,
        fingerprint: reading.fingerprint,
    })
}

fn run_native(task: &Task) -> Result<Reading> {
    let before = in_use();
    let clock = Instant::now();
    let Some(mut work) = Work::open(&task.work, task.size) else {
        bail!("there is no {} of size {}", task.work, task.size)
    };
    let open_seconds = clock.elapsed().as_secs_f64();
    work.advance(task.warm_up);
    let (mut seconds, mut delivered) = (Vec::new(), Vec::new());
    for _ in 0..PARTS {
        let (clock, count) = (Instant::now(), work.delivered());
        work.advance(task.steps);
        seconds.push(clock.elapsed().as_secs_f64());
        delivered.push(work.delivered() - count);
    }
    let bytes = count(in_use() - before);
    let before = in_use();
    let keyframe = work.clone();
    let keyframe_bytes = Some(count(in_use() - before + size_of_val(&keyframe)));
    Ok(Reading { open_seconds, seconds, delivered, bytes, keyframe_bytes, fingerprint: work.fingerprint() })
}

#[expect(clippy::cast_precision_loss, reason = "byte counts stay far below 2^53")]
const fn count(bytes: usize) -> f64 {
    bytes as f64
}

fn run_script(engine: &str, driver: &Path, module: &Path, task: &Task) -> Result<Reading> {
    let mut command = Command::new("node");
    command.arg(driver).arg(engine).arg(module).arg(&task.work);
    command.args([task.size, task.warm_up, task.steps, PARTS].map(|number| number.to_string()));
    let output = command.output().context("cannot start node")?;
    if !output.status.success() {
        bail!(
            "{} of size {} failed in {engine}:\n{}",
            task.work,
            task.size,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("{engine} printed invalid measurements"))
}
