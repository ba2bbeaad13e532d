//! The swarm still notices the deliberate faults that it is known to notice. `cargo xtask mutants` tries all of them.

use std::sync::Mutex;
use std::thread;

use ringside_core::base::mutant::Mutant;
use ringside_tests::mutants::noticed;

/// Worlds that are tried out for each fault.
const WORLDS: u64 = 60;

/// Faults that are noticed in the first worlds.
const NOTICED: &[Mutant] = &[
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
];

#[test]
fn faults_that_the_swarm_is_known_to_notice_are_still_noticed() {
    let waiting = Mutex::new(NOTICED.iter());
    let next = || waiting.lock().expect("nobody panics with it").next();
    let overlooked = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(mutant) = next() {
                    if noticed(*mutant, 0..WORLDS).is_none() {
                        overlooked.lock().expect("nobody panics with it").push(mutant.id());
                    }
                }
            });
        }
    });
    assert_eq!(overlooked.into_inner().expect("nobody panics with it"), [""; 0]);
}

#[test]
fn faults_have_names_of_their_own_and_say_what_is_wrong() {
    let mut ids: Vec<&str> = Mutant::ALL.iter().map(|mutant| mutant.id()).collect();
    assert!(Mutant::ALL.iter().all(|mutant| mutant.meaning().ends_with('.') && !mutant.is_active()));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), Mutant::ALL.len());
    let active =
        Mutant::LuckAlike.during(|| Mutant::LuckAlike.is_active() && !Mutant::TableUnsorted.is_active());
    assert!(active && !Mutant::LuckAlike.is_active(), "a fault is active for as long as it is to be");
}
