//! Rates over the last part of a run, taken from its history.

use serde::Serialize;

use super::convergence::tail;
use super::distribution::slope;
use super::history::Sample;
use super::turnover::Turnover;
use super::{exact, ratio};

/// Rates over the last fifth of a run, or its last 20 rounds if these are more. All `None` in a shorter run,
/// or if there was nothing to measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Recent {
    /// Length of that part in rounds.
    pub rounds: Option<u64>,
    /// Answers and invitations as a share of all messages sent in these rounds.
    pub answer_share: Option<f64>,
    /// Slope of the least-squares line through that share, per 100 rounds.
    pub answer_share_slope: Option<f64>,
    /// Connections gained and lost per running peer and round.
    pub changes_per_peer_round: Option<f64>,
    /// Connections lost per round as a share of existing ones; times the rounds of an hour, the hourly churn.
    pub lost_share_per_round: Option<f64>,
}

impl Turnover {
    pub(super) fn of(samples: &[Sample]) -> Self {
        let Some(last) = samples.last() else { return Self::default() };
        let per_peer_round = changes_per(samples, |sample| exact(sample.peers.running));
        Self { per_peer_round, ..last.tally.turnover() }
    }
}

impl Recent {
    pub(super) fn of(samples: &[Sample]) -> Self {
        let Some(start) = tail(samples.iter().map(|sample| sample.round.0)) else { return Self::default() };
        let tail = &samples[start..];
        let (first, last) = (&samples[start], &samples[samples.len() - 1]);
        let rates: Vec<(f64, f64)> = tail.windows(2).filter_map(answer_rate).collect();
        let connected = |sample: &Sample| sample.peers.connected.avg * exact(sample.peers.running);
        Self {
            rounds: Some(last.round.since(first.round)),
            answer_share: answers_between(first, last),
            answer_share_slope: slope(&rates).map(|slope| 100.0 * slope),
            changes_per_peer_round: changes_per(tail, |sample| exact(sample.peers.running)),
            lost_share_per_round: per(tail, |sample| exact(sample.tally.turnover().lost), connected),
        }
    }
}

/// The share of answers in one interval of a history, at the middle of it.
fn answer_rate(interval: &[Sample]) -> Option<(f64, f64)> {
    let [from, to] = interval else { return None };
    Some((exact(from.round.0 + to.round.0) / 2.0, answers_between(from, to)?))
}

fn answers_between(from: &Sample, to: &Sample) -> Option<f64> {
    debug_assert!(from.round <= to.round, "samples are in ascending order of rounds");
    let [from, to] = [from, to].map(|sample| sample.tally.messages(0));
    debug_assert!(to.total >= from.total, "counts since tick 0 never shrink");
    let answers = to.answers_and_invitations() - from.answers_and_invitations();
    ratio(answers, to.total - from.total)
}

fn changes_per(samples: &[Sample], whole: impl Fn(&Sample) -> f64) -> Option<f64> {
    let changes = |sample: &Sample| exact(sample.tally.turnover().gained + sample.tally.turnover().lost);
    per(samples, changes, whole)
}

/// Growth of a count per unit of exposure: the sum over rounds of `whole`.
fn per(samples: &[Sample], count: impl Fn(&Sample) -> f64, whole: impl Fn(&Sample) -> f64) -> Option<f64> {
    let (first, last) = (samples.first()?, samples.last()?);
    let rounds = samples.windows(2).map(|pair| whole(&pair[1]) * exact(pair[1].round.since(pair[0].round)));
    let sum: f64 = rounds.sum();
    (sum > 0.0).then(|| (count(last) - count(first)) / sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::PeerId;
    use crate::base::time::Round;
    use crate::observe::metrics::{Outcomes, PeerMetrics, Spread, Tally};
    use crate::protocol::event::{Cause, LifecycleEvent, PeerStateKind};
    use crate::protocol::message::MessageKind;
    use crate::sim::world::Observer;

    /// Ten peers with four Connected ones each, and in every round what `happen` says.
    fn history(rounds: u64, mut happen: impl FnMut(u64, &mut Tally)) -> Vec<Sample> {
        let connected = Spread { min: 4, avg: 4.0, max: 4 };
        let peers = PeerMetrics {
            running: 10,
            crashed: 0,
            paused: 0,
            adversaries: 0,
            identified: 0,
            pending: 0,
            connected,
        };
        let mut tally = Tally::default();
        let mut sample = |round| {
            happen(round, &mut tally);
            Sample {
                round: Round(round),
                millis: 100 * round,
                tally: tally.clone(),
                outcomes: Outcomes::default(),
                peers,
                lifecycle: crate::observe::metrics::LifecycleLevels::default(),
                graph_summary: crate::observe::metrics::GraphSummary::default(),
                layers: crate::observe::metrics::LayerLevels::default(),
            }
        };
        (0..=rounds).map(&mut sample).collect()
    }

    fn send(tally: &mut Tally, kind: MessageKind, count: u64) {
        (0..count).for_each(|_| tally.on_sent(kind.into()));
    }

    fn transition(tally: &mut Tally, from: PeerStateKind, to: PeerStateKind, cause: Cause) {
        let peer = PeerId::new(2);
        tally.on_event(
            Round(0),
            PeerId::new(1),
            LifecycleEvent::PeerStateChanged { peer, from, to, cause }.into(),
        );
    }

    fn near(found: Option<f64>, expected: f64) {
        assert!((found.expect("a number") - expected).abs() < 1e-9, "{found:?} is not {expected}");
    }

    #[test]
    fn of_late_is_the_last_fifth() {
        let run = history(200, |round, tally| {
            send(tally, MessageKind::Query, if round > 160 { 30 } else { 90 });
            send(tally, MessageKind::Answer, 9);
            send(tally, MessageKind::Invitation, 1);
        });
        let recent = Recent::of(&run);
        assert_eq!(recent.rounds, Some(40));
        near(recent.answer_share, 0.25);
        near(recent.answer_share_slope, 0.0);
        assert_eq!(Recent::of(&run[..20]), Recent::default());
    }

    #[test]
    fn a_share_that_rises_has_a_slope() {
        let run = history(100, |round, tally| {
            send(tally, MessageKind::Answer, round);
            send(tally, MessageKind::Query, 1000 - round);
        });
        near(Recent::of(&run).answer_share_slope, 0.1);
    }

    #[test]
    fn connections_come_and_go_and_those_from_the_start_do_not_count() {
        let run = history(100, |round, tally| match round {
            0 => transition(tally, PeerStateKind::Unknown, PeerStateKind::Connected, Cause::Introduction),
            50 => transition(tally, PeerStateKind::Pending, PeerStateKind::Connected, Cause::Reciprocation),
            90 => transition(tally, PeerStateKind::Connected, PeerStateKind::Identified, Cause::Silence),
            _ => transition(tally, PeerStateKind::Unknown, PeerStateKind::Identified, Cause::Referral),
        });
        let Turnover { gained, lost, per_peer_round } = Turnover::of(&run);
        assert_eq!((gained, lost), (1, 1));
        near(per_peer_round, 2.0 / 1000.0);
        near(Recent::of(&run).changes_per_peer_round, 1.0 / 200.0);
        near(Recent::of(&run).lost_share_per_round, 1.0 / 800.0);
    }

    #[test]
    fn before_the_first_round_nothing_has_happened() {
        assert_eq!(Turnover::of(&[]), Turnover::default());
        assert_eq!(Turnover::of(&history(0, |_, _| {})).per_peer_round, None);
    }
}
