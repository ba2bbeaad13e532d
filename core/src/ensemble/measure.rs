//! What can be read from a run that has come to its end, by name.

use serde::Serialize;

use super::number::Unit;
use super::{exact, mean_of};
use crate::actor::{Cause, Standing};
use crate::config::knob::nearest;
use crate::host::Host;
use crate::id::{PeerId, TokenId};
use crate::message::Proof;
use crate::metrics::{Metrics, Outcomes};
use crate::problem::Problem;
use crate::proof;
use crate::simulation::Simulation;
use crate::token::Rank;

/// One quantity of a run.
#[derive(Debug, Serialize)]
pub struct Measure {
    /// Its name on the command line and in files.
    pub name: &'static str,
    /// What it is, to begin a sentence with.
    pub title: &'static str,
    /// What its values count.
    pub unit: Unit,
    /// Reads it; none where it is not defined, such as a share of nothing.
    #[serde(skip)]
    pub read: fn(&Simulation) -> Option<f64>,
}

impl Measure {
    /// The measure with this name.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn by_name(name: &str) -> Result<&'static Self, Problem> {
        MEASURES.iter().find(|measure| measure.name == name).ok_or_else(|| unknown(name))
    }
}

fn unknown(name: &str) -> Problem {
    let names = || MEASURES.iter().map(|measure| measure.name);
    let remedy = match nearest(name, names()) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("the measures are {}", names().collect::<Vec<_>>().join(", ")),
    };
    Problem::new("measure", format!("there is no measure {name:?}"), remedy)
}

macro_rules! measures {
    ($($name:literal $unit:ident $title:literal $read:expr;)+) => {
        /// All measures.
        pub static MEASURES: &[Measure] = &[$(Measure {
            name: $name,
            title: $title,
            unit: Unit::$unit,
            read: $read,
        }),+];
    };
}

// Name, unit, title, how it is read.
measures! {
    "answer_share" Share "Answers and invitations as a share of all messages"
        |run| run.metrics().answer_share;
    "answers_per_query" Share "Answers per query"
        |run| run.metrics().answers_per_query;
    "captured" Share "Adversaries as a share of all with whom honest peers are Connected"
        |run| run.metrics().threat.captured;
    "captured_max" Share "The same share of the honest peer that is hit worst"
        |run| run.metrics().threat.captured_max;
    "elections_won" Share "Elections won by adversaries"
        |run| run.metrics().threat.elections_won;
    "false_alarms" Share "Those taken for cheats that are none"
        |run| run.metrics().threat.false_alarms;
    "overlooked" Share "Adversaries that an honest peer does not suspect"
        |run| run.metrics().threat.overlooked;
    "messages" Count "Messages sent"
        |run| Some(whole(run.metrics().messages.total));
    "messages_per_peer_round" Count "Messages that a peer sends in a round"
        |run| per_peer_round(&run.metrics(), run.metrics().messages.total);
    "messages_per_peer_hour" Count "Messages that a peer sends in an hour"
        |run| Some(per_peer_round(&run.metrics(), run.metrics().messages.total)? * rounds_per_hour(run));
    "referral_share" Share "Referrals as a share of all messages"
        |run| share(run.metrics().messages.referral, run.metrics().messages.total);
    "undeliverable_share" Share "Messages to peers that do not exist, as a share of all"
        |run| share(run.metrics().messages.undeliverable, run.metrics().messages.total);
    "elections_started" Count "Elections started"
        |run| Some(whole(run.metrics().elections.started));
    "completion" Share "Completed elections as a share of those started"
        |run| share(run.metrics().elections.completed, run.metrics().elections.started);
    "success" Share "Elections that found consensus, of those that had time to"
        |run| success(run);
    "too_few_answers" Share "Elections that ended with too few answers, as a share of all that ended"
        |run| share(run.metrics().outcomes.too_few_answers, ended(run));
    "seconds_p50" Count "Seconds within which half of the elections are over"
        |run| Some(seconds(run, run.metrics().election_rounds.p50?));
    "seconds_p99" Count "Seconds within which 99 of 100 elections are over"
        |run| Some(seconds(run, run.metrics().election_rounds.p99?));
    "hops" Count "Peers asked in vain before the one that answered"
        |run| run.metrics().hops.mean;
    "timeouts" Share "Elections that timed out, as a share of those started"
        |run| share(run.metrics().elections.timed_out, run.metrics().elections.started);
    "split_brains" Count "Split brains found"
        |run| Some(whole(run.metrics().elections.split_brain));
    "any_split_brain" Runs "Runs in which a split brain is found"
        |run| Some(f64::from(u8::from(run.metrics().elections.split_brain > 0)));
    "split_abandoned" Share "Elections given up as split, as a share of those started"
        |run| share(run.metrics().elections.split_abandoned, run.metrics().elections.started);
    "messages_per_election" Count "Messages sent per election started"
        |run| ratio(run.metrics().messages.total, run.metrics().elections.started);
    "messages_per_completed" Count "Messages sent per completed election"
        |run| run.metrics().messages_per_completed_election;
    "connected" Count "Connected peers of a peer at the end"
        |run| Some(run.metrics().peers.connected.avg);
    "connected_min" Count "Connected peers of the peer that has fewest"
        |run| Some(run.metrics().peers.connected.min.into());
    "connected_max" Count "Connected peers of the peer that has most"
        |run| Some(run.metrics().peers.connected.max.into());
    "connected_growth" Count "Connected peers that a peer gains from start to end"
        |run| Some(run.metrics().peers.connected.avg - at_start(run)?);
    "together" Share "Peers that hang together by mutual connections, as a share of all"
        |run| run.shape().mutual_islands.largest_share;
    "misfit_gaussian" Count "Distance of the connections' lengths from a Gaussian (Kolmogorov and Smirnov, 0 to 1)"
        |run| run.shape().distances.ks_gaussian;
    "misfit_uniform" Count "Their distance from a choice without regard to distance (Kolmogorov and Smirnov, 0 to 1)"
        |run| run.shape().distances.ks_uniform;
    "connected_share" Share "Connected peers as a share of all others"
        |run| Some(run.metrics().peers.connected.avg / (whole(run.metrics().peers.running) - 1.0));
    "anybody_connected" Runs "Runs in which anybody is Connected at the end"
        |run| Some(f64::from(u8::from(run.metrics().peers.connected.max > 0)));
    "identified" Count "Identified peers of a peer at the end"
        |run| ratio(run.metrics().peers.identified, run.metrics().peers.running);
    "pending" Count "Pending peers of a peer at the end"
        |run| ratio(run.metrics().peers.pending, run.metrics().peers.running);
    "known" Count "Peers that a peer knows at the end, in any state"
        |run| mean_over_peers(run, |host| host.node().peers().iter().count());
    "known_growth" Count "Peers that a peer gets to know from start to end"
        |run| Some(mean_over_peers(run, |host| host.node().peers().iter().count())? - known_at_start(run)?);
    "known_by_referral" Share "Peers that became known by a referral, as a share of all that became known"
        |run| caused(run, Standing::Unknown, Standing::Identified, Cause::Referral);
    "pending_by_election" Share "Peers that became Pending by winning an election, as a share of all that became so"
        |run| caused(run, Standing::Identified, Standing::Pending, Cause::Election);
    "pending_connected" Share "Pending peers that became Connected, as a share of all that became Pending"
        |run| share(moves(run, Standing::Pending, Standing::Connected), moves(run, Standing::Identified, Standing::Pending));
    "churn_per_hour" Share "Connections lost in an hour, as a share of those that there are"
        |run| Some(run.metrics().recent.lost_share_per_round? * rounds_per_hour(run));
    "samples" Count "Tokens that a peer remembers for elections at the end"
        |run| mean_over_peers(run, |host| host.node().samples().len());
    "tokens" Count "Tokens that a peer holds"
        |run| Some(run.metrics().tokens_per_peer);
    "token_share" Share "Tokens that a peer holds, as a share of all"
        |run| Some(run.metrics().tokens_per_peer / f64::from(run.world().universe().len()));
    "symmetric_share" Share "Connected edges of which both ends think so"
        |run| run.shape().symmetric_share;
    "mutual_islands" Count "Parts into which the graph of mutual connections falls"
        |run| Some(exact(run.shape().mutual_islands.count));
    "closed_share" Share "Next neighbours on the ring that are mutually Connected"
        |run| run.shape().closeness.closed_share;
    "core_coverage" Share "Of the four nearest peers on each side, those mutually Connected"
        |run| run.shape().closeness.core_coverage;
    "gap_mean" Share "Largest arc without a Connected peer that a peer has, as a share of the ring"
        |run| run.shape().closeness.gap_mean;
    "gap_max" Share "Largest of these arcs, as a share of the ring"
        |run| run.shape().closeness.gap_max;
    "first_connected" Count "Rounds that half of the peers wait for their first Connected one at most"
        |run| run.metrics().first_connected.p50.map(whole);
    "last_connected" Count "Rounds that the last of those waits that have one"
        |run| run.metrics().first_connected.max.map(whole);
    "ever_connected" Share "Peers that have ever had a Connected one"
        |run| run.metrics().first_connected.share;
    "convergence" Count "Round from which on the number of Connected peers is steady"
        |run| run.metrics().convergence.round.map(whole);
    "proofs" Share "Holders of a token that can prove it"
        |run| agreement_of_holders(run).0;
    "pair_agreement" Share "Pairs of honest proofs that agree in eight of ten mappings or more"
        |run| agreement_of_holders(run).1;
}

#[expect(clippy::cast_precision_loss, reason = "counters stay far below 2^53")]
const fn whole(count: u64) -> f64 {
    count as f64
}

fn ratio(part: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| whole(part) / whole(of))
}

fn share(part: u64, of: u64) -> Option<f64> {
    ratio(part, of)
}

fn per_peer_round(metrics: &Metrics, count: u64) -> Option<f64> {
    ratio(count, metrics.peers.running * metrics.rounds)
}

fn rounds_per_hour(run: &Simulation) -> f64 {
    3_600_000.0 / f64::from(run.world().config().time.round_ms)
}

fn seconds(run: &Simulation, rounds: u32) -> f64 {
    f64::from(rounds) * f64::from(run.world().config().time.round_ms) / 1_000.0
}

fn ended(run: &Simulation) -> u64 {
    let Outcomes { elected, loss, no_answer, too_few_answers, disagreement, split_brain } =
        run.metrics().outcomes;
    elected + loss + no_answer + too_few_answers + disagreement + split_brain
}

/// How often peers changed their minds from one state to another, for reasons that count.
fn moves_for(run: &Simulation, from: Standing, to: Standing, counts: impl Fn(Cause) -> bool) -> u64 {
    let transitions = run.metrics().transitions.into_iter();
    let wanted = transitions.filter(|one| one.from == from && one.to == to && counts(one.cause));
    wanted.map(|one| one.count).sum()
}

fn moves(run: &Simulation, from: Standing, to: Standing) -> u64 {
    moves_for(run, from, to, |cause| cause != Cause::Introduction)
}

/// Of all these moves, those that one cause brought about.
fn caused(run: &Simulation, from: Standing, to: Standing, cause: Cause) -> Option<f64> {
    share(moves_for(run, from, to, |found| found == cause), moves(run, from, to))
}

/// Elections that are too young to be decided are left out. Those that have ended would be the wrong ones to compare
/// with: in a short run only successful ones have.
fn success(run: &Simulation) -> Option<f64> {
    let youngest = u64::from(run.world().config().election.min_collection_rounds) + 1;
    let last = run.metrics().rounds.checked_sub(youngest)?;
    let samples = run.history().samples().iter();
    let started = samples.take_while(|sample| sample.round.0 <= last).last()?.tally.elections().started;
    share(run.metrics().elections.completed.min(started), started)
}

fn at_start(run: &Simulation) -> Option<f64> {
    run.history().samples().first().map(|sample| sample.peers.connected.avg)
}

/// Of a peer, when the run began.
fn known_at_start(run: &Simulation) -> Option<f64> {
    let peers = run.history().samples().first()?.peers;
    let known = peers.connected.avg * whole(peers.running) + whole(peers.identified + peers.pending);
    Some(known / whole(peers.running))
}

fn mean_over_peers(run: &Simulation, read: impl Fn(&Host) -> usize) -> Option<f64> {
    let running = run.world().hosts().iter().filter(|host| host.is_running());
    mean_of(&running.map(|host| exact(read(host))).collect::<Vec<_>>())
}

/// Tokens whose holders are compared, spread evenly over the ring.
const PROBES: u32 = 48;

/// Mappings in common that count as agreement: the default of seed 001.
const AGREEMENT: usize = 8;

/// Of the holders of some tokens: the share that can prove it to the first peer of the world, and the share of the
/// pairs of these proofs that agree.
fn agreement_of_holders(run: &Simulation) -> (Option<f64>, Option<f64>) {
    let universe = run.world().universe();
    let (mut holders, mut proven, mut pairs, mut agreeing) = (0, 0, 0, 0);
    for probe in 0..PROBES.min(universe.len()) {
        let rank = Rank(
            u32::try_from(u64::from(probe) * u64::from(universe.len()) / u64::from(PROBES)).unwrap_or(0),
        );
        let (held, proofs) = proofs(run, universe.mapping(rank).token, rank);
        holders += held;
        proven += proofs.len() as u64;
        for (place, one) in proofs.iter().enumerate() {
            pairs += proofs[..place].len() as u64;
            agreeing += proofs[..place].iter().filter(|other| agree(one, other)).count() as u64;
        }
    }
    (share(proven, holders), share(agreeing, pairs))
}

/// How many hold a token, and the proofs of those that can prove it.
fn proofs(run: &Simulation, token: TokenId, rank: Rank) -> (u64, Vec<Proof>) {
    let world = run.world();
    let challenger = world.hosts().first().map_or(PeerId::new(0), Host::id);
    let holders: Vec<_> = world.hosts().iter().filter(|host| host.holdings().holds(rank)).collect();
    let search = world.config().tokens.search;
    let prove = |host: &&Host| proof::search(world.universe(), host.holdings(), search, token, challenger);
    (holders.len() as u64, holders.iter().filter_map(prove).collect())
}

fn agree(one: &Proof, other: &Proof) -> bool {
    one.signature.iter().filter(|mapping| other.signature.contains(mapping)).count() >= AGREEMENT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::knob::Setting;
    use crate::scenario::Scenario;

    fn run(preset: &str, rounds: u32, settings: &[&str]) -> Simulation {
        let mut scenario = Scenario::preset(preset).unwrap();
        scenario.rounds = rounds;
        settings.iter().for_each(|text| scenario.with_setting(Setting::parse_text(text).unwrap()));
        let mut run = Simulation::new(scenario);
        run.run();
        run
    }

    fn read(run: &Simulation, name: &str) -> Option<f64> {
        (Measure::by_name(name).unwrap().read)(run)
    }

    #[test]
    fn names_are_unique_and_mistakes_are_put_right() {
        for measure in MEASURES {
            assert_eq!(Measure::by_name(measure.name).unwrap().title, measure.title);
        }
        assert_eq!(Measure::by_name("mesages").unwrap_err().remedy, "did you mean messages?");
    }

    #[test]
    fn shares_of_nothing_are_not_defined() {
        let still = run("lifecycle-1", 1, &["election.per_round=0", "genesis.topology=isolated"]);
        for name in
            ["answer_share", "completion", "success", "messages_per_election", "messages_per_completed"]
        {
            assert_eq!(read(&still, name), None, "{name}");
        }
        assert_eq!(read(&still, "known"), Some(0.0));
        assert_eq!(read(&still, "anybody_connected"), Some(0.0));
    }

    #[test]
    fn growth_is_measured_from_the_start() {
        let settings = ["genesis.peers=8", "tokens.total=20000"];
        let grown = run("lifecycle-1", 40, &settings);
        assert!(read(&grown, "connected_growth").is_some_and(|growth| growth > 1.0));
        assert_eq!(read(&grown, "connected_growth"), read(&grown, "connected"));
        // A ring with two neighbours on each side.
        let known = read(&grown, "known").unwrap();
        assert_eq!(read(&grown, "known_growth"), Some(known - 4.0));
    }

    #[test]
    fn the_shape_is_that_of_the_end() {
        let settings = ["genesis.peers=6", "tokens.total=20000"];
        let grown = run("improved", 60, &settings);
        for (name, value) in [
            ("symmetric_share", 1.0),
            ("mutual_islands", 1.0),
            ("closed_share", 1.0),
            ("core_coverage", 1.0),
            ("ever_connected", 1.0),
        ] {
            assert_eq!(read(&grown, name), Some(value), "{name}");
        }
        let gap = |name| read(&grown, name).unwrap();
        // The mean of equal numbers is rounded.
        assert!(gap("gap_mean") < gap("gap_max") + 1e-9 && gap("gap_max") < 1.0);
        assert!(read(&grown, "first_connected") <= read(&grown, "last_connected"));
        assert!(read(&grown, "convergence").is_some_and(|round| round < 60.0));
    }

    #[test]
    fn who_holds_everything_agrees_with_all_others() {
        let settings = ["tokens.coverage=1", "genesis.peers=4", "tokens.total=40000", "election.per_round=0"];
        let alike = run("lifecycle-1", 1, &settings);
        assert_eq!(read(&alike, "token_share"), Some(1.0));
        assert_eq!((read(&alike, "proofs"), read(&alike, "pair_agreement")), (Some(1.0), Some(1.0)));
    }
}
