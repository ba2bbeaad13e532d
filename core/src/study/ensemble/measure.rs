//! Measures: quantities read from a run that has ended, by name.

use std::sync::LazyLock;

use serde::Serialize;

use super::end::{End, ratio, whole};
use super::exact;
use super::number::Unit;
use crate::base::problem::Problem;
use crate::config::nearest;
use crate::observe::metrics::{COLUMNS, Column};
use crate::protocol::event::{Cause, PeerStateKind};
use crate::protocol::message::MessageKind;
use crate::study::simulation::Simulation;

/// One quantity of a run.
#[derive(Debug, Serialize)]
pub struct Measure {
    /// Its name on the command line and in files.
    pub name: &'static str,
    /// Title, to begin a sentence with.
    pub title: &'static str,
    /// Unit of its values.
    pub unit: Unit,
    #[serde(skip)]
    source: MeasureSource,
}

/// Source of a measure.
#[derive(Clone, Copy, Debug)]
enum MeasureSource {
    /// Read from the end of a run; `None` if it is not defined there, such as a share of nothing.
    End(fn(&End<'_>) -> Option<f64>),
    /// A column of the history, in a sample taken at the end.
    Column(&'static Column),
}

impl Measure {
    /// Its value in a run that has come to its end.
    #[must_use]
    pub fn of(&self, run: &Simulation) -> Option<f64> {
        self.read(&End::of(run))
    }

    pub(super) fn read(&self, end: &End<'_>) -> Option<f64> {
        match self.source {
            MeasureSource::End(read) => read(end),
            MeasureSource::Column(column) => Some(column.read(end.sample())),
        }
    }

    fn of_column(column: &'static Column) -> Option<Self> {
        let unit = if column.unit == "share" { Unit::Share } else { Unit::Count };
        Some(Self { name: &column.name, title: column.measure?, unit, source: MeasureSource::Column(column) })
    }

    /// The measure with this name.
    ///
    /// # Errors
    ///
    /// The name is unknown.
    pub fn by_name(name: &str) -> Result<&'static Self, Problem> {
        MEASURES.iter().find(|measure| measure.name == name).ok_or_else(|| unknown(name))
    }
}

fn unknown(name: &str) -> Problem {
    let names: Vec<_> = MEASURES.iter().map(|measure| measure.name).collect();
    let remedy = match nearest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("the measures are {}", names.join(", ")),
    };
    Problem::new("measure", format!("there is no measure {name:?}"), remedy)
}

macro_rules! measures {
    ($($name:literal $unit:ident $title:literal $read:expr;)+) => {
        /// Measures that are no column of a history.
        static OF_END: &[(&str, Unit, &str, fn(&End<'_>) -> Option<f64>)] =
            &[$(($name, Unit::$unit, $title, $read)),+];
    };
}

/// All measures: those read from the end of a run, then the columns of a history that name a measure.
pub static MEASURES: LazyLock<Vec<Measure>> = LazyLock::new(|| {
    let of_end = OF_END.iter().map(|(name, unit, title, read)| Measure {
        name,
        title,
        unit: *unit,
        source: MeasureSource::End(*read),
    });
    of_end.chain(COLUMNS.iter().filter_map(Measure::of_column)).collect()
});

// Name, unit, title, how it is read.
measures! {
    "answer_share" Share "Answers and invitations as a share of all messages"
        |end| end.metrics.answer_share;
    "answers_per_query" Share "Answers per query"
        |end| end.metrics.answers_per_query;
    "captured" Share "Adversaries as a share of all with whom honest peers are Connected"
        |end| end.metrics.adversary_impact.captured;
    "captured_max" Share "The same share for the worst-hit honest peer"
        |end| end.metrics.adversary_impact.captured_max;
    "elections_won" Share "Elections won by adversaries"
        |end| end.metrics.adversary_impact.elections_won;
    "false_alarms" Share "Honest peers among the suspected (false discovery rate)"
        |end| end.metrics.adversary_impact.false_discovery_rate;
    "overlooked" Share "Adversaries that an honest peer does not suspect (false negative rate)"
        |end| end.metrics.adversary_impact.false_negative_rate;
    "condemned" Share "Honest peers that another honest peer suspects (false positive rate)"
        |end| end.metrics.adversary_impact.false_positive_rate;
    "messages" Count "Messages sent"
        |end| Some(whole(end.metrics.messages.total));
    "messages_per_peer_round" Count "Messages that a peer sends in a round"
        |end| end.messages_per_peer_round();
    "messages_per_peer_hour" Count "Messages that a peer sends in an hour"
        |end| Some(end.messages_per_peer_round()? * end.rounds_per_hour());
    "referral_share" Share "Referrals as a share of all messages"
        |end| ratio(end.metrics.messages.sent(MessageKind::Referral), end.metrics.messages.total);
    "undeliverable_share" Share "Messages to peers that do not exist, as a share of all"
        |end| ratio(end.metrics.messages.undeliverable, end.metrics.messages.total);
    "elections_started" Count "Elections started"
        |end| Some(whole(end.metrics.elections.started));
    "completion" Share "Completed elections as a share of those started"
        |end| ratio(end.metrics.elections.completed, end.metrics.elections.started);
    "elections_completed_hourly" Count "Elections that a peer completes in an hour"
        |end| Some(ratio(end.metrics.elections.completed, end.metrics.peers.running * end.metrics.rounds)? * end.rounds_per_hour());
    "success" Share "Elections that found consensus, of those that had time to"
        |end| end.success();
    "too_few_answers" Share "Elections that ended with too few answers, as a share of all that ended"
        |end| ratio(end.metrics.outcomes.too_few_answers, end.ended());
    "seconds_p50" Count "Median duration of elections in seconds"
        |end| Some(end.seconds(end.metrics.election_rounds.p50?));
    "seconds_p99" Count "99th percentile of the duration of elections in seconds"
        |end| Some(end.seconds(end.metrics.election_rounds.p99?));
    "consensus_p50" Count "Median time from the start of an election to its winner in seconds"
        |end| Some(end.seconds(end.metrics.election_details.consensus_rounds.p50?));
    "consensus_p99" Count "99th percentile of the time from the start of an election to its winner in seconds"
        |end| Some(end.seconds(end.metrics.election_details.consensus_rounds.p99?));
    "elections_per_minute" Count "Elections that a peer starts in a minute"
        |end| Some(end.elections_per_peer_round()? * end.rounds_per_hour() / 60.0);
    "messages_per_answer" Count "Messages sent per answer that an election accepted"
        |end| ratio(end.metrics.messages.total, end.metrics.election_details.channels_answered);
    "channels_answered" Share "Channels with an accepted answer, as a share of those that ended elections have opened"
        |end| ratio(end.metrics.election_details.channels_answered, end.metrics.election_details.channels_opened);
    "responder_diversity" Share "Different responders of an election, as a share of its answers"
        |end| end.metrics.election_details.responder_diversity;
    "agreement" Share "Answers of completed elections that claim the winner's block"
        |end| end.metrics.election_details.agreement;
    "channels_per_election" Count "Channels that an election opens, referrals included"
        |end| ratio(end.metrics.election_details.channels_opened, end.ended());
    "hops" Count "Referral hops of an accepted answer"
        |end| end.metrics.hops.mean;
    "timeouts" Share "Elections that timed out, as a share of those started"
        |end| ratio(end.metrics.elections.timed_out, end.metrics.elections.started);
    "split_brains" Count "Split brains found"
        |end| Some(whole(end.metrics.elections.split_brain));
    "any_split_brain" Runs "Runs in which a split brain is found"
        |end| Some(f64::from(u8::from(end.metrics.elections.split_brain > 0)));
    "split_abandoned" Share "Elections abandoned as split, as a share of those started"
        |end| ratio(end.metrics.elections.split_abandoned, end.metrics.elections.started);
    "messages_per_election" Count "Messages sent per election started"
        |end| ratio(end.metrics.messages.total, end.metrics.elections.started);
    "messages_per_completed" Count "Messages sent per completed election"
        |end| end.metrics.messages_per_completed_election;
    "connected" Count "Connected peers of a peer at the end"
        |end| Some(end.metrics.peers.connected.avg);
    "connected_growth" Count "Connected peers that a peer gains from start to end"
        |end| Some(end.metrics.peers.connected.avg - end.at_start()?);
    "together" Share "Peers in the largest mutually connected component, as a share of all"
        |end| end.shape().mutual_components.largest_share;
    "misfit_gaussian" Count "Kolmogorov-Smirnov distance of connection lengths from a Gaussian (0 to 1)"
        |end| end.shape().distances.ks_gaussian;
    "misfit_uniform" Count "Kolmogorov-Smirnov distance of connection lengths from a uniform distribution (0 to 1)"
        |end| end.shape().distances.ks_uniform;
    "connected_share" Share "Connected peers as a share of all others"
        |end| Some(end.metrics.peers.connected.avg / (whole(end.metrics.peers.running) - 1.0));
    "anybody_connected" Runs "Runs in which any peer is Connected at the end"
        |end| Some(f64::from(u8::from(end.metrics.peers.connected.max > 0)));
    "identified" Count "Identified peers of a peer at the end"
        |end| ratio(end.metrics.peers.identified, end.metrics.peers.running);
    "pending" Count "Pending peers of a peer at the end"
        |end| ratio(end.metrics.peers.pending, end.metrics.peers.running);
    "known" Count "Peers that a peer knows at the end, in any state"
        |end| end.mean_over_peers(|host| host.node().peers().iter().count());
    "known_growth" Count "Peers that a peer gets to know from start to end"
        |end| Some(end.mean_over_peers(|host| host.node().peers().iter().count())? - end.known_at_start()?);
    "known_by_referral" Share "Peers that became known by a referral, as a share of all that became known"
        |end| end.caused(PeerStateKind::Unknown, PeerStateKind::Identified, Cause::Referral);
    "pending_by_election" Share "Peers that became Pending by winning an election, as a share of all that became so"
        |end| end.caused(PeerStateKind::Identified, PeerStateKind::Pending, Cause::Election);
    "pending_connected" Share "Pending peers that became Connected, as a share of all that became Pending"
        |end| ratio(end.transitions(PeerStateKind::Pending, PeerStateKind::Connected), end.transitions(PeerStateKind::Identified, PeerStateKind::Pending));
    "churn_per_hour" Share "Connections lost in an hour, as a share of those that there are"
        |end| Some(end.metrics.recent.lost_share_per_round? * end.rounds_per_hour());
    "samples" Count "Tokens that a peer remembers for elections at the end"
        |end| end.mean_over_peers(|host| host.node().samples().len());
    "tokens" Count "Tokens that a peer holds"
        |end| Some(end.metrics.tokens_per_peer);
    "token_share" Share "Tokens that a peer holds, as a share of all"
        |end| Some(end.metrics.tokens_per_peer / f64::from(end.run.world().universe().len()));
    "symmetric_share" Share "Mutual edges as a share of Connected edges"
        |end| end.shape().symmetric_share;
    "mutual_islands" Count "Connected components of the graph of mutual edges"
        |end| Some(exact(end.shape().mutual_components.count));
    "closed_share" Share "Ring neighbours that are mutually Connected"
        |end| end.shape().locality.closed_share;
    "core_coverage" Share "Leaf set coverage: mutually Connected among the four nearest peers on each side"
        |end| end.shape().locality.leaf_set_coverage;
    "gap_mean" Share "Largest gap between the Connected peers of a peer, as a share of the ring"
        |end| end.shape().locality.gap_mean;
    "gap_max" Share "Largest of these arcs, as a share of the ring"
        |end| end.shape().locality.gap_max;
    "area_coverage" Share "Sixteenths of the ring in which a peer has a Connected peer"
        |end| end.shape().locality.area_coverage;
    "first_connected" Count "Median number of rounds to the first connection"
        |end| end.metrics.first_connected.p50.map(whole);
    "last_connected" Count "Longest number of rounds to the first connection"
        |end| end.metrics.first_connected.max.map(whole);
    "ever_connected" Share "Peers that have ever had a Connected peer"
        |end| end.metrics.first_connected.share;
    "convergence" Count "Round from which on the number of Connected peers is steady"
        |end| end.metrics.convergence.round.map(whole);
    "proofs" Share "Holders of a token that can prove it"
        |end| end.agreement_of_holders().0;
    "pair_agreement" Share "Pairs of honest proofs that agree in eight of ten mappings or more"
        |end| end.agreement_of_holders().1;
    "session_seconds" Count "Median lifetime of a session in seconds"
        |end| Some(whole(end.metrics.sessions.as_ref()?.lifetime_ms.p50?) / 1_000.0);
    "pong_share" Share "Pings with a matched pong, as a share of all"
        |end| end.metrics.sessions.as_ref().and_then(|found| ratio(found.pongs_matched, found.pings_sent));
    "radio_delivery" Count "Radio messages complete for each one originated"
        |end| end.metrics.radio.as_ref().and_then(|found| ratio(found.messages_complete, found.messages_sent));
    "radio_fragments_per_message" Count "Fragments sent for each radio message"
        |end| end.metrics.radio.as_ref().and_then(|found| ratio(found.fragments, found.messages_sent));
    "radio_seconds_p50" Count "Median time from origin to arrival of a radio message in seconds"
        |end| Some(whole(end.metrics.radio.as_ref()?.latency_p50_ms?) / 1_000.0);
    "blocks_committed" Share "Blocks committed at half of the peers concerned, as a share of those submitted"
        |end| end.metrics.blocks.as_ref().and_then(|found| ratio(found.committed, found.submitted));
    "blocks_undecided" Share "Blocks neither committed nor lost to another, as a share of those submitted"
        |end| end.metrics.blocks.as_ref().and_then(|found| ratio(found.pending + found.expired, found.submitted));
    "block_first_mean" Count "Mean number of rounds until the first peer has committed a block"
        |end| end.metrics.blocks.as_ref()?.first.mean;
    "block_rounds_mean" Count "Mean number of rounds until half of the peers concerned have committed a block"
        |end| end.metrics.blocks.as_ref()?.rounds.mean;
    "block_rounds_p95" Count "95th percentile of these rounds"
        |end| end.metrics.blocks.as_ref()?.rounds.p95.map(whole);
    "messages_per_commit" Count "Messages about blocks for each committed block"
        |end| end.metrics.blocks.as_ref()?.messages_per_commit;
    "messages_per_needed" Count "Messages about blocks for each one that the commits needed"
        |end| end.metrics.blocks.as_ref()?.messages_per_needed;
    "wrong_commits" Count "Commits of blocks that lost elsewhere, or that no client has made"
        |end| end.metrics.blocks.as_ref().map(|found| whole(found.wrong_commits));
    "two_owners" Count "Tokens that honest peers of their range map to two blocks with the same parent, at the end"
        |end| end.metrics.blocks.as_ref().map(|found| whole(found.two_owners));
    "saboteurs_convicted" Share "Pairs of an honest peer and a saboteur that it has convicted of fraud, as a share of all, at the end"
        |end| end.metrics.blocks.as_ref()?.frauds.saboteurs;
    "honest_convicted" Count "Pairs of two honest peers of which one has convicted the other of fraud, at the end"
        |end| end.metrics.blocks.as_ref().map(|found| whole(found.frauds.honest));
    "registry_ratio" Count "Registry entries for each distinct IP"
        |end| end.metrics.sessions.as_ref().and_then(|found| ratio(found.registry_entries, found.distinct_addresses));
    "pairs_in_order" Share "Listed pairs with exactly one session on which both ends agree, as a share of all"
        |end| end.pairs_in_order();
    "session_availability" Share "Listed pairs with a session, as a share of all, on average over time"
        |end| end.session_availability();
    "height_spread" Count "Difference of the greatest and the least height at the end"
        |end| end.metrics.sync.map(|sync| f64::from(sync.height_max - sync.height_min));
    "converged_seconds" Count "Seconds until all hosts have one height"
        |end| end.metrics.sync?.converged_ms.map(|millis| whole(millis) / 1_000.0);
    "cache_hit_rate" Share "Tries of cached addresses that led to a session with the expected peer"
        |end| end.metrics.cache.as_ref()?.hit_rate_true;
    "cache_hit_rate_reported" Share "The share of hits that version 1 reports"
        |end| end.metrics.cache.as_ref()?.hit_rate_reported;
    "first_session_seconds" Count "Seconds from a start to the first session"
        |end| end.metrics.cache.as_ref()?.first_session_ms.map(|millis| whole(millis) / 1_000.0);
    "fifth_session_seconds" Count "Seconds from a start to five sessions"
        |end| end.metrics.cache.as_ref()?.fifth_session_ms.map(|millis| whole(millis) / 1_000.0);
    "first_relay_seconds" Count "Seconds from a start to the first session with a peer that relays"
        |end| end.metrics.cache.as_ref()?.first_relay_ms.map(|millis| whole(millis) / 1_000.0);
    "tries_settled_seconds" Count "Seconds from a start to the outcome of the last try"
        |end| end.metrics.cache.as_ref()?.settled_ms.map(|millis| whole(millis) / 1_000.0);
    "rejoin_rounds" Count "Rounds from a start of a host to five Connected peers"
        |end| end.metrics.rejoins.as_ref()?.rounds_mean;
    "rejoin_messages" Count "Messages that a host writes in this time"
        |end| end.metrics.rejoins.as_ref()?.messages_mean;
    "cache_save_ms" Count "Longest save of a peer cache in ms"
        |end| end.metrics.cache.as_ref()?.save_ms.map(whole);
    "cache_load_ms" Count "Longest load of a peer cache in ms"
        |end| end.metrics.cache.as_ref()?.load_ms.map(whole);
    "score_agreement" Count "Kendall's tau between scores before a restart and after"
        |end| end.metrics.cache.as_ref()?.score_agreement;
    "cache_entries" Count "Entries of the peer cache that was saved last"
        |end| Some(whole(end.metrics.cache.as_ref()?.entries));
    "manager_silent_score" Count "Mean score of known peers without a connection, in points"
        |end| end.silent_score();
    "slot_share" Share "Slots with a block, as a share of all"
        |end| end.metrics.sync.and_then(|sync| ratio(sync.blocks_produced, sync.slots));
    "chains" Count "Different chains at the least height at the end"
        |end| end.metrics.sync.map(|sync| whole(sync.branches));
    "deepest_reorganisation" Count "Blocks that the deepest reorganisation has replaced"
        |end| end.metrics.sync.map(|sync| f64::from(sync.deepest));
    "foreign_or_isolated" Count "Blocks imported from another chain, and isolated hosts"
        |end| end.metrics.sync.map(|sync| whole(sync.foreign_blocks + sync.isolated));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::study::simulation::Simulation;

    fn run(preset: &str, rounds: u32, settings: &[&str]) -> Simulation {
        let mut scenario = Scenario::with_settings(preset, settings);
        scenario.rounds = rounds;
        let mut run = Simulation::new(scenario);
        run.run();
        run
    }

    fn read(run: &Simulation, name: &str) -> Option<f64> {
        Measure::by_name(name).unwrap().of(run)
    }

    #[test]
    fn names_are_unique_and_mistakes_are_put_right() {
        for measure in MEASURES.iter() {
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
