//! Turn: the seven phases of a round (document 000, "Tick Lifecycle").

use std::borrow::Cow;
use std::num::NonZeroU32;

use super::misbehavior::BanPolicy;
use super::{Node, Queries};
use crate::base::id::TokenId;
use crate::config::ElectionConfig;
use crate::protocol::context::Context;
use crate::protocol::election::Progress;
use crate::protocol::event::{Ending, LifecycleEvent, PeerStateKind};

impl Node {
    pub(super) fn take_turn(&mut self, cx: &mut Context<'_>) {
        self.peers.expire(cx);
        self.peers.demote_low_scores(cx);
        self.process_elections(cx);
        self.peers.evict_identified(cx);
        self.samples.evict(cx);
        self.peers.prune_by_distance(cx);
        self.rejoin(cx);
        self.send_invitations(cx);
        if cx.config.election.health_rate {
            self.stats.note_connected(cx.now, self.peers.count(PeerStateKind::Connected));
        }
        self.start_elections(cx);
    }

    /// Phase 2: tallies the running elections, ends those with an outcome, and asks more peers where two
    /// clusters are rivals.
    pub(super) fn process_elections(&mut self, cx: &mut Context<'_>) {
        self.expire_results(cx);
        let rules = &*self.election_rules(cx);
        for (token, progress) in self.elections.progress(cx.now, rules, cx.store) {
            if matches!(progress, Progress::Contested | Progress::SplitBrain | Progress::Strongest(_)) {
                self.record_split(cx, token);
            }
            match progress {
                Progress::Contested => {
                    let channels = rules.split_channels.map_or(rules.channels, NonZeroU32::get);
                    self.ask(cx, token, channels, Queries::Send);
                }
                Progress::Elected(winner) | Progress::Strongest(winner) => {
                    self.end(cx, token, Ending::Elected { winner });
                }
                Progress::TimedOut(failure) => self.end(cx, token, failure),
                Progress::SplitBrain => self.end(cx, token, Ending::SplitBrain),
            }
        }
    }

    /// Turns to a peer that this one has forgotten, unless it is banned.
    fn rejoin(&mut self, cx: &mut Context<'_>) {
        let policy = BanPolicy::of(cx.config, cx.now);
        self.peers.rejoin(cx, |peer| !self.misbehavior.is_banned(peer, policy));
    }

    fn expire_results(&mut self, cx: &Context<'_>) {
        let valid_for = cx.config.election.cache_rounds.map_or(0, |rounds| u64::from(rounds.get()));
        self.results.expire(cx.now, valid_for);
    }

    /// The rules of the world; under `election.adaptive_threshold` with the agreement that the success rate
    /// of this peer's elections demands.
    fn election_rules<'a>(&mut self, cx: &Context<'a>) -> Cow<'a, ElectionConfig> {
        let config = &cx.config.election;
        if !config.adaptive_threshold {
            return Cow::Borrowed(config);
        }
        // Tallies under another threshold are no longer valid.
        self.elections.invalidate();
        let consensus_threshold = self.stats.threshold(config.consensus_threshold);
        Cow::Owned(ElectionConfig { consensus_threshold, ..*config })
    }

    fn record_split(&mut self, cx: &mut Context<'_>, token: TokenId) {
        cx.report(LifecycleEvent::SplitBrain { token });
        if let Some(alarm) = cx.config.peers.split_alarm
            && self.stats.record_split(cx.now, alarm)
        {
            cx.report(LifecycleEvent::SplitAlarm);
        }
    }
}
