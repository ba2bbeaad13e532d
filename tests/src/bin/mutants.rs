//! The swarm with deliberate faults, for `cargo xtask mutants`. Without arguments it lists the faults, a
//! line each with name and description. With `NAME WORLDS` it runs worlds with the fault, and prints the
//! property and the seed that detect it.

use std::process::ExitCode;

use ringside_core::base::mutant::Mutant;
use ringside_tests::mutants::{Detection, detect, seeds};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => Mutant::ALL.iter().for_each(|mutant| println!("{}\t{}", mutant.id(), mutant.meaning())),
        [name, worlds] => {
            let (Some(mutant), Ok(worlds)) = (Mutant::by_id(name), worlds.parse()) else {
                eprintln!("error: there is no mutant {name:?}, or {worlds:?} is not a number of worlds");
                return ExitCode::from(2);
            };
            // Only the fact of a panic matters, not its message.
            std::panic::set_hook(Box::new(|_| {}));
            if let Some(Detection { seed, by }) = detect(mutant, seeds(mutant, worlds)) {
                println!("{by}\t{seed}");
            }
        }
        _ => {
            eprintln!("error: expected a name and a number of worlds, or no arguments");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
