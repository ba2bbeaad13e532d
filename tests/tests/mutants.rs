//! Regression test of mutation testing: the swarm detects the faults that it is known to detect. `cargo
//! xtask mutants` runs all faults.

use std::sync::Mutex;
use std::thread;

use ringside_core::base::mutant::Mutant;
use ringside_tests::mutants::{detect, seeds};

/// Number of worlds for each fault.
const WORLDS: u64 = 60;

/// Faults that are detected in the first worlds.
const DETECTED: &[Mutant] = &[
    Mutant::TicketsAlike,
    Mutant::TicketUnknownTaken,
    Mutant::FarthestWins,
    Mutant::CooldownIgnored,
    Mutant::HandshakeSilent,
    Mutant::ConnectedUninvited,
    Mutant::PendingForEver,
    Mutant::SilenceForEver,
    Mutant::ExpiryLate,
    Mutant::AnswersLate,
    Mutant::BudgetIgnored,
    Mutant::SamplesUnbounded,
    Mutant::ForgottenRemembered,
    Mutant::StandingMiscounted,
    Mutant::TableUnsorted,
    Mutant::KnowsItself,
    Mutant::CoreOneSided,
    Mutant::ArrivalCountedTwice,
    Mutant::DuplicateUncounted,
    Mutant::HealIncomplete,
    Mutant::ReleaseLoses,
    Mutant::LuckSeesTraffic,
    Mutant::LuckAlike,
    Mutant::CrashedListen,
    Mutant::PausedAct,
    Mutant::NobodyReturns,
    Mutant::GainsMiscounted,
    Mutant::CompletedTwice,
    Mutant::GoingBackSkips,
    Mutant::LinkLosesLength,
    Mutant::AbsentDialled,
    Mutant::CachedDialsUnbounded,
    Mutant::CacheUnsynced,
    Mutant::ParentUnchecked,
    Mutant::ReplacedUnbounded,
    Mutant::ReplacementUncounted,
    Mutant::ForkKept,
    Mutant::CertificateUncounted,
    Mutant::StrangersDecide,
    Mutant::LocksForgotten,
    Mutant::MappingsBack,
    Mutant::PoolUnbounded,
    Mutant::HeadsUntraced,
    Mutant::AncestryUnread,
    Mutant::ChainUnnumbered,
];

#[test]
fn the_swarm_detects_the_faults_that_it_is_known_to_detect() {
    let waiting = Mutex::new(DETECTED.iter());
    let next = || waiting.lock().expect("no thread panics").next();
    let undetected = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(mutant) = next() {
                    if detect(*mutant, seeds(*mutant, WORLDS)).is_none() {
                        undetected.lock().expect("no thread panics").push(mutant.id());
                    }
                }
            });
        }
    });
    assert_eq!(undetected.into_inner().expect("no thread panics"), [""; 0]);
}

#[test]
fn faults_have_unique_names_and_descriptions() {
    let mut ids: Vec<&str> = Mutant::ALL.iter().map(|mutant| mutant.id()).collect();
    assert!(Mutant::ALL.iter().all(|mutant| mutant.meaning().ends_with('.') && !mutant.is_active()));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), Mutant::ALL.len());
    let active =
        Mutant::LuckAlike.during(|| Mutant::LuckAlike.is_active() && !Mutant::TableUnsorted.is_active());
    assert!(active && !Mutant::LuckAlike.is_active(), "a fault is active only during the call");
}
