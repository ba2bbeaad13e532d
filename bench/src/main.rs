//! Prints a table of the speed of the same work, natively, in Node and in Chromium.

#![expect(clippy::disallowed_types, reason = "wall-clock time is what a benchmark measures")]

mod heap;
mod measure;
mod table;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;

use crate::measure::{Engine, Task, measure};

/// Compare the speed of the same work natively, in Node and in Chromium
#[derive(Parser)]
#[command(name = "ringside-bench")]
struct Arguments {
    /// Run few sizes for a short time
    #[arg(long)]
    quick: bool,
    /// Numbers of peers of the worlds [default: 30 to 100000]
    #[arg(long, value_name = "N1,N2", value_delimiter = ',')]
    peers: Vec<u32>,
    /// Numbers of nodes of the neutral exchange [default: 1000 to 1000000]
    #[arg(long, value_name = "N1,N2", value_delimiter = ',')]
    nodes: Vec<u32>,
    /// The preset of the worlds
    #[arg(long, default_value = "improved")]
    preset: String,
    /// The Node script that runs modules [default: measure natively only]
    #[arg(long, value_name = "PATH")]
    driver: Option<PathBuf>,
    /// An engine of the script (repeatable): node, chromium
    #[arg(long = "engine", value_name = "NAME", requires = "driver")]
    engines: Vec<String>,
    /// A variant of the module, and the folder of the module and its bindings (repeatable)
    #[arg(long = "module", value_name = "NAME=PATH", requires = "driver", value_parser = named_path)]
    modules: Vec<(String, PathBuf)>,
    /// Also write the measurements to a JSON file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let tasks = tasks(&arguments);
    let engines = engines(&arguments);
    let mut found = Vec::new();
    println!("{}", table::HEADER);
    for task in &tasks {
        // Engines alternate, so that other load on the machine affects all of them.
        for engine in &engines {
            let measured = measure(*engine, task)?;
            println!("{}", table::line(&measured, &found));
            found.push(measured);
        }
    }
    if let Some(path) = arguments.json {
        fs::write(&path, serde_json::to_string_pretty(&found)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn named_path(text: &str) -> Result<(String, PathBuf)> {
    let (name, path) = text.split_once('=').context("expected NAME=PATH")?;
    Ok((name.to_owned(), PathBuf::from(path)))
}

fn engines(arguments: &Arguments) -> Vec<Engine<'_>> {
    let Some(driver) = &arguments.driver else { return vec![Engine::Native] };
    let in_modules = arguments.engines.iter().flat_map(|name| {
        let in_module = move |(variant, module)| Engine::Wasm { name, variant, driver, module };
        arguments.modules.iter().map(|(variant, module)| (variant.as_str(), module.as_path())).map(in_module)
    });
    [Engine::Native].into_iter().chain(in_modules).collect()
}

fn tasks(arguments: &Arguments) -> Vec<Task> {
    let sizes = |chosen: &[u32], quick: &[u32], full: &[u32]| match (chosen, arguments.quick) {
        ([], true) => quick.to_vec(),
        ([], false) => full.to_vec(),
        _ => chosen.to_vec(),
    };
    let nodes = sizes(&arguments.nodes, &[1_000, 100_000], &[1_000, 10_000, 100_000, 1_000_000]);
    let peers = sizes(&arguments.peers, &[30, 1_000], &[30, 300, 3_000, 10_000, 100_000]);
    let effort = if arguments.quick { 1 } else { 8 };
    let exchanges = nodes
        .into_iter()
        .flat_map(|nodes| ["by-hand", "exchange"].map(|work| Task::new(work, nodes, 30, effort * 500_000)));
    // At first all peers search for neighbours, which takes several times as long.
    let warm_up = |peers: u32| (effort * 60_000 / peers.max(1)).clamp(10, 300);
    let worlds =
        peers.into_iter().map(|peers| Task::new(&arguments.preset, peers, warm_up(peers), effort * 30_000));
    exchanges.chain(worlds).collect()
}
