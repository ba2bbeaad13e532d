//! The pool of running elections.

use super::*;

fn pool_config() -> ElectionConfig {
    ElectionConfig { min_collection_rounds: 2, timeout_rounds: 6, ..config() }
}

fn progress(pool: &mut ElectionPool, round: u64) -> Vec<Progress> {
    pool.progress(Round(round), &pool_config(), &NoTable).into_iter().map(|(_, progress)| progress).collect()
}

#[test]
fn an_election_is_looked_at_between_its_collection_and_its_end() {
    let mut pool = ElectionPool::default();
    pool.start(answered(&[(1, 1), (2, 1)]), Round(10));
    assert_eq!(progress(&mut pool, 11), []);
    assert_eq!(progress(&mut pool, 12), [Progress::Elected(peer(2))]);
    let mut pool = ElectionPool::default();
    pool.start(answered(&[(10, 1), (20, 1), (30, 2), (40, 2)]), Round(10));
    assert_eq!(progress(&mut pool, 15), [Progress::Contested]);
    assert_eq!(progress(&mut pool, 16), [Progress::SplitBrain], "its time is up");
}

#[test]
fn an_election_that_comes_to_nothing_says_why() {
    for (votes, why) in [
        (&[][..], Ending::NoAnswer),
        (&[(1, 1)], Ending::TooFewAnswers),
        (&[(1, 1), (2, 2)], Ending::Disagreement),
    ] {
        let mut pool = ElectionPool::default();
        pool.start(answered(votes), Round(10));
        assert_eq!(progress(&mut pool, 15), []);
        assert_eq!(progress(&mut pool, 16), [Progress::TimedOut(why)]);
        assert_eq!(pool.end(TOKEN), Some(Round(10)));
        assert!(pool.is_empty());
    }
}

#[test]
fn there_is_room_for_so_many_elections_and_one_on_a_token() {
    let mut pool = ElectionPool::default();
    for token in 0..RUNNING_MAX as u64 {
        assert_eq!(pool.check_start(TokenId::new(token)), Ok(()));
        pool.start(Election::new(TokenId::new(token), ME, [7; 32]), Round(0));
        assert_eq!(
            pool.check_start(TokenId::new(token)),
            Err(if pool.len() < RUNNING_MAX { StartError::AlreadyRunning } else { StartError::LimitReached })
        );
    }
    assert_eq!(pool.check_start(TokenId::new(1 << 40)), Err(StartError::LimitReached));
    pool.end(TokenId::new(0));
    assert_eq!(pool.check_start(TokenId::new(1 << 40)), Ok(()));
}
