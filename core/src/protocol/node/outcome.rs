//! Outcome: consequences of an ended election for its winner, and for peers that dissented or stayed silent.

use super::Node;
use crate::base::id::{PeerId, TokenId};
use crate::config::{RolloutPhase, TargetPolicy};
use crate::protocol::context::Context;
use crate::protocol::event::{Cause, Ending, LifecycleEvent, PeerStateKind, Turnout};
use crate::protocol::message::StorageProof;
use crate::protocol::peer_table::Score;

impl Node {
    /// Ends an election that is running.
    pub(super) fn end(&mut self, cx: &mut Context<'_>, token: TokenId, ending: Ending) {
        let dissenters = self.dissenters(cx, token, ending);
        let challenged = token.as_peer();
        let turnout = self.elections.get(token).map_or_else(Turnout::default, |election| Turnout {
            dissents: u32::try_from(dissenters.len()).unwrap_or(u32::MAX),
            ..election.turnout()
        });
        let is_contradicted = ending == Ending::SplitBrain || dissenters.contains(&challenged);
        dissenters.into_iter().for_each(|peer| self.record_misbehavior(cx, peer));
        self.score_silent_peers(cx, token);
        let started = self.elections.end(token);
        debug_assert!(started.is_some(), "an election on {token} is running");
        // Saturates: a clock that was set ahead can show any number of rounds.
        let rounds = started.map_or(0, |started| cx.now.since(started));
        let rounds = u32::try_from(rounds).unwrap_or(u32::MAX);
        cx.report(LifecycleEvent::ElectionEnded { token, rounds, ending, turnout });
        self.record_result(cx, token, ending);
        if cx.config.rollout.phase == RolloutPhase::Logging {
            return;
        }
        if cx.config.election.agenda == TargetPolicy::Needs
            && ending != (Ending::Elected { winner: challenged })
        {
            self.peers.record_absence(cx, challenged);
            if !is_contradicted {
                self.invite_proven_neighbor(cx, challenged);
            }
        }
        if let Ending::Elected { winner } = ending {
            self.on_elected(cx, winner);
        }
    }

    /// Responders that claim another block for the token than the winner: outdated, partitioned or dishonest.
    /// Empty without a winner.
    fn dissenters(&self, cx: &Context<'_>, token: TokenId, ending: Ending) -> Vec<PeerId> {
        let Ending::Elected { winner } = ending else { return Vec::new() };
        let Some(election) = self.elections.get(token) else { return Vec::new() };
        let decided = election.responses().find(|(peer, _)| *peer == winner).map(|(_, proof)| proof);
        debug_assert!(decided.is_some(), "the winner {winner} has responded");
        let dissents =
            |proof: &StorageProof| decided.is_none_or(|decided| !proof.has_answer_of(decided, cx.store));
        election.responses().filter(|(_, proof)| dissents(proof)).map(|(peer, _)| peer).collect()
    }

    /// Lowers the scores of the peers that were asked and did not reply.
    fn score_silent_peers(&mut self, cx: &Context<'_>, token: TokenId) {
        if !cx.config.keeps_scores() {
            return;
        }
        let Some(election) = self.elections.get(token) else { return };
        let silent: Vec<PeerId> = election.unanswered().collect();
        for peer in silent {
            self.peers.score(cx, peer, Score::on_silence);
        }
    }

    fn record_result(&mut self, cx: &Context<'_>, token: TokenId, ending: Ending) {
        if cx.config.election.adaptive_threshold || cx.config.election.health_rate {
            self.stats.record(matches!(ending, Ending::Elected { .. }));
        }
        if cx.config.election.cache_rounds.is_some() {
            self.results.insert(token, cx.now);
        }
    }

    /// Returns whether the result of the last election on a token is still valid, so that no other is held.
    pub(super) fn has_result(&self, token: TokenId) -> bool {
        self.results.contains(token)
    }

    /// Invites a winner, if a connection with it is wanted, and then keeps the budget.
    pub(super) fn on_elected(&mut self, cx: &mut Context<'_>, winner: PeerId) {
        self.identify(cx, winner, Cause::Election);
        let now = cx.now;
        self.peers.record_interaction(cx, winner, |stats| {
            stats.wins += 1;
            stats.won = Some(now);
        });
        self.peers.clear_absences(winner);
        if !self.wants(cx, winner) {
            return;
        }
        if let Some(invite) = self.peers.elect(cx, winner) {
            self.send_invitation(cx, &invite);
        }
        self.peers.keep_budget(cx);
    }

    /// Returns whether a connection with a peer is wanted: connections are lacking, or it is Connected, in
    /// the leaf set, or in the largest gap, or it has invited this peer lately and there is room; and its
    /// score is not below the floor.
    fn wants(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        let is_lacking = self.lacks_connections(cx)
            || self.peers.kind_of(peer) == PeerStateKind::Connected
            || self.peers.is_in_leaf_set(peer, cx.config.peers.core_neighbors)
            || self.bridges_gap(cx, peer)
            || (self.is_cooling_down(cx, peer) && self.has_room_for(cx, peer));
        is_lacking && !self.peers.is_below_floor(cx, peer)
    }
}
