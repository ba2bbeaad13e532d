//! What the swarm makes of deliberate faults, for `cargo xtask mutants`: without arguments all of them, a line each with
//! its name and what is wrong; with `NAME WORLDS` whether it is noticed in so many worlds, and by what.

use std::process::ExitCode;

use ringside_core::base::mutant::Mutant;
use ringside_tests::mutants::{Sign, noticed};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => Mutant::ALL.iter().for_each(|mutant| println!("{}\t{}", mutant.id(), mutant.meaning())),
        [name, worlds] => {
            let (Some(mutant), Ok(worlds)) = (Mutant::by_id(name), worlds.parse()) else {
                eprintln!("error: there is no mutant {name:?}, or {worlds:?} is no number of worlds");
                return ExitCode::from(2);
            };
            // What a fault breaks is of no interest here, only that it does.
            std::panic::set_hook(Box::new(|_| {}));
            if let Some(Sign { seed, by }) = noticed(mutant, 0..worlds) {
                println!("{by}\t{seed}");
            }
        }
        _ => {
            eprintln!("error: give a name and a number of worlds, or nothing");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
