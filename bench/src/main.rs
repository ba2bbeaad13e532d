//! One table about the speed of the same work, natively, in Node and in Chromium.

#![expect(clippy::disallowed_types, reason = "who measures needs a clock")]

mod heap;
mod measure;
mod table;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;

use crate::measure::{Engine, Task, measure};

/// Compares in one run how fast the same work is done natively, in Node and in Chromium
#[derive(Parser)]
#[command(name = "ringside-bench")]
struct Arguments {
    /// Take short runs of few sizes
    #[arg(long)]
    quick: bool,
    /// Peers of the worlds
    #[arg(long, value_name = "N1,N2", value_delimiter = ',')]
    peers: Vec<u32>,
    /// Nodes of the neutral exchange
    #[arg(long, value_name = "N1,N2", value_delimiter = ',')]
    nodes: Vec<u32>,
    /// The preset of the worlds
    #[arg(long, default_value = "improved")]
    preset: String,
    /// The program that runs the module, with what comes before the name of the engine; none to stay native
    #[arg(long, value_name = "PATH")]
    driver: Option<PathBuf>,
    /// What the program runs modules in: node, chromium
    #[arg(long = "engine", value_name = "NAME", requires = "driver")]
    engines: Vec<String>,
    /// A way in which the module was compiled, and the folder of the module and its bindings
    #[arg(long = "module", value_name = "NAME=PATH", requires = "driver", value_parser = named_path)]
    modules: Vec<(String, PathBuf)>,
    /// Write what was measured to a file as well
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
        // By turns, so that what else the machine does falls upon all of them.
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

fn named_path(text: &str) -> Result<(String, PathBuf), String> {
    let (name, path) = text.split_once('=').ok_or("write NAME=PATH")?;
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
    let or = |chosen: &[u32], quick: &[u32], full: &[u32]| match (chosen, arguments.quick) {
        ([], true) => quick.to_vec(),
        ([], false) => full.to_vec(),
        _ => chosen.to_vec(),
    };
    let nodes = or(&arguments.nodes, &[1_000, 100_000], &[1_000, 10_000, 100_000, 1_000_000]);
    let peers = or(&arguments.peers, &[30, 1_000], &[30, 300, 3_000, 10_000, 100_000]);
    let effort = if arguments.quick { 1 } else { 8 };
    let exchanges = nodes
        .into_iter()
        .flat_map(|nodes| ["by-hand", "exchange"].map(|work| Task::new(work, nodes, 30, effort * 500_000)));
    // At first everybody looks for neighbours, which takes several times as long.
    let settled = |peers: u32| (effort * 60_000 / peers.max(1)).clamp(10, 300);
    let worlds =
        peers.into_iter().map(|peers| Task::new(&arguments.preset, peers, settled(peers), effort * 30_000));
    exchanges.chain(worlds).collect()
}
