//! What a peer does, told as stories: something happens, and this is all that comes of it.

use std::collections::BTreeMap;

use super::*;
use crate::actor::{Outbox, TokenStore};
use crate::config::{Config, InvitationRule, VerificationRule};
use crate::id::BlockId;
use crate::message::Mapping;
use crate::peers::PeerState;
use crate::proof::{chunks, verify};
use crate::ring;
use crate::rng::{Purpose, Ratio, Rng};
use crate::scenario::Scenario;
use crate::time::Round;

const ME: PeerId = PeerId::new(1_000);

fn peer(number: u64) -> PeerId {
    PeerId::new(number)
}

fn token(number: u64) -> TokenId {
    TokenId::new(number)
}

/// A proof that passes the check, with tokens invented for it: proofs of one `family` for one asker agree completely,
/// those of different ones not at all.
fn proof(family: u64, token: TokenId, asker: PeerId) -> Proof {
    let block = BlockId::new(42);
    let invent = |chunk: u16| Mapping { token: TokenId::new(family << 32 | u64::from(chunk)), block };
    Proof { answer: Mapping { token, block }, signature: chunks(asker, token, block).map(invent) }
}

/// The first family; that of everybody who is honest.
const HONEST: u64 = 1;

fn answer(ticket: Ticket, family: u64, token: TokenId) -> Message {
    Message::Answer { ticket, proof: Box::new(proof(family, token, ME)), relay: None }
}

/// The invitation of a peer that stores its own id.
fn invitation(from: PeerId) -> Message {
    Message::Invitation { proof: Box::new(proof(HONEST, from.into(), ME)), is_reply: false }
}

/// A few tokens, each with a proof at hand.
#[derive(Default)]
struct Shelf(BTreeMap<TokenId, BlockId>);

impl TokenStore for Shelf {
    fn block_of(&self, token: TokenId) -> Option<BlockId> {
        self.0.get(&token).copied()
    }

    fn prove(&self, token: TokenId, asker: PeerId) -> Option<Proof> {
        self.block_of(token).map(|_| proof(HONEST, token, asker))
    }
}

/// A peer and all that surrounds it.
struct Scene {
    node: Node,
    config: Config,
    now: Round,
    rng: Rng,
    secrets: Rng,
    shelf: Shelf,
}

/// What came of an input.
#[derive(Debug, Default)]
struct Outcome {
    sent: Vec<(PeerId, Message)>,
    events: Vec<Fact>,
}

/// What stories tell of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fact {
    Started,
    Completed,
    GivenUp(Ending),
    SplitBrain,
    Moved { from: Standing, to: Standing },
    Rejected(Rejection),
}

impl Fact {
    /// An answer that was taken shows in what becomes of its election.
    fn of(event: Event) -> Option<Self> {
        Some(match event {
            Event::ElectionStarted { .. } => Self::Started,
            Event::ElectionEnded { ending: Ending::Elected { .. }, .. } => Self::Completed,
            Event::ElectionEnded { ending, .. } => Self::GivenUp(ending),
            Event::SplitBrain { .. } => Self::SplitBrain,
            Event::Moved { from, to, .. } => Self::Moved { from, to },
            Event::Rejected(rejection) => Self::Rejected(rejection),
            Event::Answered { .. } | Event::SplitAlarm | Event::Suspected { .. } => return None,
        })
    }
}

impl Outcome {
    /// The queries among the messages.
    fn queries(&self) -> Vec<(PeerId, TokenId, Ticket)> {
        let query = |(to, message): &(PeerId, Message)| match message {
            Message::Query { token, ticket, .. } => Some((*to, *token, *ticket)),
            _ => None,
        };
        self.sent.iter().filter_map(query).collect()
    }

    /// Who was asked.
    fn asked(&self) -> Vec<PeerId> {
        self.queries().into_iter().map(|(to, ..)| to).collect()
    }

    /// Who was invited.
    fn invited(&self) -> Vec<PeerId> {
        let invitations =
            self.sent.iter().filter(|(_, message)| matches!(message, Message::Invitation { .. }));
        invitations.map(|(to, _)| *to).collect()
    }

    /// The one rejection, where nothing else came of the input.
    fn rejection(&self) -> Rejection {
        match (&self.sent[..], &self.events[..]) {
            ([], [Fact::Rejected(rejection)]) => *rejection,
            _ => panic!("more than a rejection: {self:?}"),
        }
    }

    fn is_nothing(&self) -> bool {
        self.sent.is_empty() && self.events.is_empty()
    }
}

fn moved(from: Standing, to: Standing) -> Fact {
    Fact::Moved { from, to }
}

fn rejected(error: ElectionError) -> Rejection {
    Rejection::Election(error)
}

impl Scene {
    /// A peer of a preset that knows nobody, starts nothing of its own accord and stores its own id.
    fn new(preset: &str) -> Self {
        let mut config = Scenario::preset(preset).unwrap().config;
        config.election.per_round = 0;
        config.peers.invitations_per_round = 0;
        // The proofs of these stories are invented.
        config.tokens.verification = VerificationRule::Weak;
        let mut shelf = Shelf::default();
        shelf.0.insert(ME.into(), BlockId::new(42));
        Self {
            node: Node::new(ME),
            config,
            now: Round(0),
            rng: Rng::stream(1, Purpose::Protocol, ME.get()),
            secrets: Rng::stream(1, Purpose::Secrets, ME.get()),
            shelf,
        }
    }

    /// As seed 000 was shipped.
    fn shipped() -> Self {
        Self::new("seed-000")
    }

    /// As seed 000 describes it.
    fn lifecycle() -> Self {
        Self::new("lifecycle-1")
    }

    fn with(&mut self, happen: impl FnOnce(&mut Node, &mut Context<'_>)) -> Outcome {
        let mut outbox = Outbox::default();
        let mut cx = Context {
            now: self.now,
            config: &self.config,
            rng: &mut self.rng,
            secrets: &mut self.secrets,
            store: &self.shelf,
            outbox: &mut outbox,
        };
        happen(&mut self.node, &mut cx);
        Outcome { sent: outbox.messages, events: outbox.events.into_iter().filter_map(Fact::of).collect() }
    }

    fn knowing(mut self, standing: Standing, peers: impl IntoIterator<Item = u64>) -> Self {
        for number in peers {
            self.with(|node, cx| node.introduce(cx, peer(number), standing));
        }
        self
    }

    fn hear(&mut self, from: PeerId, message: Message) -> Outcome {
        self.with(|node, cx| node.handle(cx, Input::Message { from, message }))
    }

    /// The peer's turn in the present round.
    fn turn(&mut self) -> Outcome {
        self.with(|node, cx| node.handle(cx, Input::Turn))
    }

    /// The turns of all rounds up to this one, as long as nothing comes of them; then what came of the last.
    fn turns_until(&mut self, round: u64) -> Outcome {
        while self.now.0 + 1 < round {
            self.now.0 += 1;
            let outcome = self.turn();
            assert!(outcome.is_nothing(), "in {:?}: {outcome:?}", self.now);
        }
        self.now = Round(round);
        self.turn()
    }

    /// Starts an election on a sampled token; gives the token and whom it asked.
    fn elect(&mut self) -> (TokenId, Vec<(PeerId, Ticket)>) {
        self.config.election.per_round = 1;
        let outcome = self.turn();
        self.config.election.per_round = 0;
        assert_eq!(outcome.events, [Fact::Started]);
        let queries = outcome.queries();
        let token = queries.first().expect("a query").1;
        assert!(queries.iter().all(|(_, asked, _)| *asked == token));
        (token, queries.into_iter().map(|(to, _, ticket)| (to, ticket)).collect())
    }

    fn standing(&self, peer: PeerId) -> Standing {
        self.node.peers().standing(peer)
    }

    fn samples(&mut self) -> Vec<TokenId> {
        let mut samples = self.node.samples.clone();
        let mut taken = Vec::new();
        self.with(|_, cx| taken.extend(std::iter::from_fn(|| samples.take(cx))));
        taken.sort_unstable();
        taken
    }
}

// Queries.

fn query(token: u64) -> Message {
    Message::Query { token: TokenId::new(token), ticket: Ticket::new(5), trail: None }
}

#[test]
fn a_query_for_a_stored_token_is_answered_with_a_proof_for_the_asker() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [1, 2, 3]);
    let asker = peer(77);
    let outcome = scene.hear(asker, query(ME.get()));
    let [(to, Message::Answer { ticket, proof, relay: None })] = &outcome.sent[..] else {
        panic!("{outcome:?}")
    };
    assert_eq!((*to, *ticket), (asker, Ticket::new(5)));
    assert!(verify(proof.clone(), ME.into(), asker).is_ok());
    assert_eq!(outcome.events, []);
    assert_eq!(scene.standing(asker), Standing::Unknown, "to ask is not to be known");
}

#[test]
fn a_query_for_another_token_is_referred_to_the_two_nearest() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [100, 200, 300, 900]);
    let outcome = scene.hear(peer(77), query(240));
    let referral =
        Message::Referral { token: token(240), ticket: Ticket::new(5), suggested: [peer(200), peer(300)] };
    assert_eq!(outcome.sent, [(peer(77), referral)]);
    assert_eq!(outcome.events, []);
}

#[test]
fn as_shipped_a_referral_may_name_the_asker_and_a_bounded_one_never_does() {
    let suggested = |mut scene: Scene| {
        let outcome = scene.hear(peer(200), query(240));
        match outcome.sent[..] {
            [(_, Message::Referral { suggested, .. })] => suggested,
            _ => panic!("{outcome:?}"),
        }
    };
    let known = [100, 200, 300, 900];
    assert_eq!(suggested(Scene::shipped().knowing(Standing::Identified, known)), [peer(200), peer(300)]);
    assert_eq!(suggested(Scene::lifecycle().knowing(Standing::Identified, known)), [peer(300), peer(100)]);
}

#[test]
fn who_knows_fewer_than_two_others_says_nothing() {
    let silent = [
        Scene::lifecycle(),
        Scene::lifecycle().knowing(Standing::Connected, [300]),
        Scene::shipped().knowing(Standing::Identified, [300]),
        // The asker does not count.
        Scene::lifecycle().knowing(Standing::Pending, [200, 300]),
    ];
    for mut scene in silent {
        assert_eq!(scene.hear(peer(200), query(240)).rejection(), Rejection::NobodyToSuggest);
    }
    let mut scene = Scene::shipped().knowing(Standing::Identified, [200, 300]);
    assert_eq!(scene.hear(peer(200), query(240)).sent.len(), 1, "as shipped it does");
}

#[test]
fn whether_a_lookup_goes_on_across_the_origin_is_a_rule() {
    let suggested = |wraps| {
        let mut scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20, 300, u64::MAX]);
        scene.config.peers.wrapping_lookup = wraps;
        match scene.hear(peer(77), query(2)).sent[..] {
            [(_, Message::Referral { suggested, .. })] => suggested,
            _ => panic!("no referral"),
        }
    };
    assert_eq!(suggested(true), [peer(u64::MAX), peer(10)]);
    assert_eq!(suggested(false), [peer(10), peer(20)], "only the three next above it are looked at");
}

// Answers.

#[test]
fn answers_count_only_in_an_election_and_on_its_tickets() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [1, 2, 3, 4, 5]);
    let stranger = peer(77);
    let unasked = scene.hear(stranger, answer(Ticket::new(5), HONEST, token(9)));
    assert_eq!(unasked.rejection(), Rejection::NoElection);

    let (token, asked) = scene.elect();
    let (responder, ticket) = asked[0];
    let samples = scene.samples();
    let other = Ticket::new(ticket.get() ^ 1);
    let wrong_ticket = scene.hear(stranger, answer(other, HONEST, token));
    assert_eq!(wrong_ticket.rejection(), rejected(ElectionError::UnknownTicket));
    let for_another = Box::new(proof(HONEST, token, stranger));
    let stolen = scene.hear(responder, Message::Answer { ticket, proof: for_another, relay: None });
    assert_eq!(stolen.rejection(), rejected(ElectionError::SignatureVerificationFailed));
    assert_eq!(scene.samples(), samples, "nothing is learnt from what is rejected");

    assert!(scene.hear(responder, answer(ticket, HONEST, token)).is_nothing(), "the channel was still open");
    let again = scene.hear(responder, answer(ticket, HONEST, token));
    assert_eq!(again.rejection(), rejected(ElectionError::DuplicateResponse));
    let once_more = scene.hear(responder, answer(ticket, HONEST, token));
    assert_eq!(once_more.rejection(), rejected(ElectionError::ChannelBlocked));
}

#[test]
fn an_answer_is_a_source_of_tokens() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [1, 2]);
    let (token, asked) = scene.elect();
    let mut expected = scene.samples();
    let responder = peer(77);
    scene.hear(responder, answer(asked[0].1, HONEST, token));
    expected.extend(proof(HONEST, token, ME).signature.map(|mapping| mapping.token));
    expected.push(responder.into());
    expected.sort_unstable();
    expected.dedup();
    assert_eq!(scene.samples(), expected, "the ten tokens of the proof and the responder's own");
    assert_eq!(scene.standing(responder), Standing::Unknown);
}

// Elections.

#[test]
fn samples_are_elected_on_first_and_random_tokens_after_them() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [1, 2]);
    scene.config.election.per_round = 3;
    let mut tokens: Vec<TokenId> = scene.turn().queries().into_iter().map(|(_, token, _)| token).collect();
    tokens.dedup();
    let [first, second, third] = tokens[..] else { panic!("{tokens:?}") };
    assert_eq!([first.min(second), first.max(second)], [token(1), token(2)]);
    assert!(third.get() > 1 << 32, "a token out of the blue: {third}");
    assert!(scene.node.samples().is_empty());
    assert_eq!(scene.node.elections().len(), 3);

    let random = scene.turn();
    assert_eq!(random.events, [Fact::Started; 3]);
    assert_eq!(scene.node.elections().len(), 6);
    scene.config.election.per_round = 0;
    assert!(scene.turn().is_nothing());
}

#[test]
fn there_is_one_election_on_a_token_at_a_time() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [1]);
    let (elected_on, _) = scene.elect();
    scene.with(|node, cx| node.samples.insert(cx, elected_on));
    scene.config.election.per_round = 1;
    assert!(scene.turn().is_nothing());
    assert_eq!(scene.samples(), [], "the token is used up all the same");
}

#[test]
fn an_election_asks_the_nearest_known_peers() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20, 40, 80, 160]);
    scene.config.election.channels = 3;
    let (token, asked) = scene.elect();
    let mut nearest: Vec<PeerId> = [10, 20, 40, 80, 160].map(peer).to_vec();
    nearest.sort_by_key(|peer| (ring::distance(peer.get(), token.get()), *peer));
    let asked: Vec<PeerId> = asked.into_iter().map(|(to, _)| to).collect();
    assert_eq!(asked, nearest[..3], "and not itself, though it is near");
}

#[test]
fn as_shipped_the_first_query_goes_to_the_token_itself() {
    let mut scene = Scene::shipped().knowing(Standing::Identified, [10, 20, 40, 80, 160]);
    let (token, asked) = scene.elect();
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[0].0, token.as_peer());
    assert_eq!(
        asked.iter().filter(|(to, _)| *to == token.as_peer()).count(),
        1,
        "a known peer too only once"
    );

    let mut scene = Scene::shipped().knowing(Standing::Identified, [10]);
    scene.config.election.per_round = 2;
    let asked = scene.turn().queries();
    let random = asked.iter().filter(|(_, token, _)| *token != peer(10).into());
    let asked: Vec<(PeerId, TokenId)> = random.map(|(to, token, _)| (*to, *token)).collect();
    let [(nobody, token), (known, _)] = asked[..] else { panic!("{asked:?}") };
    assert_eq!((nobody, known), (token.as_peer(), peer(10)));
}

/// An election on which these answers have come in, the first asked peer's first.
fn answered(mut scene: Scene, families: &[u64]) -> (Scene, TokenId, Vec<PeerId>) {
    let (token, asked) = scene.elect();
    for ((responder, ticket), family) in asked.iter().zip(families) {
        assert!(scene.hear(*responder, answer(*ticket, *family, token)).is_nothing());
    }
    (scene, token, asked.into_iter().map(|(responder, _)| responder).collect())
}

#[test]
fn two_that_agree_make_a_winner_who_is_invited_and_who_connects_by_inviting_back() {
    let scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20, 40, 80, 160]);
    let (mut scene, token, asked) = answered(scene, &[HONEST, HONEST]);
    // Candidates come nearest first.
    let winner = asked[0];
    let outcome = scene.turns_until(10);
    let promoted = moved(Standing::Identified, Standing::Pending);
    assert_eq!(outcome.events, [Fact::Completed, promoted], "after ten rounds, not before");
    let [(to, Message::Invitation { proof, .. })] = &outcome.sent[..] else { panic!("{outcome:?}") };
    assert_eq!(*to, winner);
    assert!(verify(proof.clone(), ME.into(), winner).is_ok(), "the invitation proves what is stored at home");
    assert!(scene.node.elections().is_empty());
    let late = scene.hear(asked[2], answer(Ticket::new(5), HONEST, token));
    assert_eq!(late.rejection(), Rejection::NoElection);

    let outcome = scene.hear(winner, invitation(winner));
    assert_eq!(outcome.events, [moved(Standing::Pending, Standing::Connected)]);
    assert!(outcome.sent.is_empty(), "it has been invited already");
    assert_eq!(scene.standing(winner), Standing::Connected);
}

#[test]
fn an_unknown_winner_becomes_known_first() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20]);
    let (token, asked) = scene.elect();
    // Another peer than the one asked answers: the query was passed on.
    let responders = [token.get() + 1, token.get() + 2].map(peer);
    for (responder, (_, ticket)) in responders.into_iter().zip(asked) {
        scene.hear(responder, answer(ticket, HONEST, token));
    }
    let outcome = scene.turns_until(10);
    let heard = moved(Standing::Unknown, Standing::Identified);
    let promoted = moved(Standing::Identified, Standing::Pending);
    assert_eq!(outcome.events, [Fact::Completed, heard, promoted]);
    assert_eq!(outcome.invited(), responders[..1]);
}

#[test]
fn a_winner_that_is_known_already_is_invited_again_unless_invitations_are_mute() {
    for standing in [Standing::Pending, Standing::Connected] {
        for mut scene in [Scene::lifecycle(), Scene::shipped()] {
            scene.config.election.token_as_first_hop = false;
            scene.config.peers.pending_timeout_rounds = 1_000;
            let is_mute = scene.config.peers.invitations == InvitationRule::Mute;
            let scene = scene.knowing(standing, [10, 20]);
            let (mut scene, _, asked) = answered(scene, &[HONEST, HONEST]);
            let outcome = scene.turns_until(10);
            assert_eq!(outcome.events, [Fact::Completed], "{standing:?}");
            assert_eq!(outcome.invited(), if is_mute { &asked[..0] } else { &asked[..1] });
        }
    }
}

#[test]
fn without_a_proof_of_its_own_a_peer_invites_nobody() {
    let scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20]);
    let (mut scene, _, asked) = answered(scene, &[HONEST, HONEST]);
    scene.shelf.0.clear();
    let outcome = scene.turns_until(10);
    assert!(outcome.sent.is_empty());
    assert_eq!(scene.standing(asked[0]), Standing::Pending, "but waits as if it had");
}

#[test]
fn the_budget_holds_after_a_win() {
    let scene = Scene::lifecycle().knowing(Standing::Connected, [10, 20, 30]);
    let (mut scene, ..) = answered(scene, &[HONEST, HONEST]);
    scene.config.peers.connected_budget = 2;
    let outcome = scene.turns_until(10);
    assert_eq!(outcome.events, [Fact::Completed, moved(Standing::Connected, Standing::Identified)]);
}

#[test]
fn without_agreement_an_election_times_out() {
    let scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20]);
    let (mut scene, ..) = answered(scene, &[HONEST, 2]);
    let outcome = scene.turns_until(100);
    assert_eq!(outcome.events, [Fact::GivenUp(Ending::Disagreement)], "after a hundred rounds, not before");
    assert!(outcome.sent.is_empty());
    assert!(scene.node.elections().is_empty());
}

#[test]
fn a_rule_that_changes_is_applied_to_the_answers_at_hand() {
    let scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20]);
    let (mut scene, ..) = answered(scene, &[HONEST]);
    assert!(scene.turns_until(20).is_nothing());
    scene.config.election.min_cluster_size = 1;
    scene.node.reconsider();
    assert_eq!(scene.turns_until(21).events[0], Fact::Completed);
}

/// A peer of whose eight candidates four have answered, two by two.
fn split(mut scene: Scene) -> (Scene, TokenId, Vec<PeerId>) {
    scene.config.election.majority_threshold = Ratio::from_millionths(600_000);
    scene.config.election.token_as_first_hop = false;
    answered(scene.knowing(Standing::Identified, (1..=8).map(|step| 10 * step)), &[HONEST, HONEST, 2, 2])
}

#[test]
fn a_split_brain_asks_further_candidates_until_one_side_prevails() {
    let (mut scene, token, asked) = split(Scene::lifecycle());
    let outcome = scene.turns_until(10);
    assert_eq!(outcome.events, [Fact::SplitBrain]);
    let further = outcome.queries();
    assert_eq!(further.len(), 4);
    assert!(further.iter().all(|(to, about, _)| *about == token && !asked.contains(to)));
    let (judge, _, ticket) = further[0];
    scene.hear(judge, answer(ticket, 2, token));
    let outcome = scene.turns_until(11);
    assert_eq!(outcome.events[0], Fact::Completed, "three of five are the majority");
    assert_eq!(outcome.invited(), asked[2..3], "the nearest of the winning side");
}

#[test]
fn as_shipped_a_split_brain_asks_nobody_and_is_abandoned() {
    let (mut scene, ..) = split(Scene::shipped());
    for round in 10..100 {
        scene.now = Round(round);
        let outcome = scene.turn();
        assert_eq!(outcome.events, [Fact::SplitBrain], "round {round}");
        assert!(outcome.sent.is_empty(), "the best four have been asked already");
    }
    scene.now = Round(100);
    assert_eq!(scene.turn().events, [Fact::SplitBrain, Fact::GivenUp(Ending::SplitBrain)]);
    assert!(scene.node.elections().is_empty());
}

#[test]
fn a_split_brain_without_a_free_channel_is_abandoned_at_once() {
    let (mut scene, ..) = split(Scene::lifecycle());
    scene.config.election.max_channels = 4;
    assert_eq!(scene.turns_until(10).events, [Fact::SplitBrain, Fact::GivenUp(Ending::SplitBrain)]);
}

// Referrals.

fn referral(token: TokenId, ticket: Ticket, suggested: [u64; 2]) -> Message {
    Message::Referral { token, ticket, suggested: suggested.map(peer) }
}

#[test]
fn a_referral_is_followed_and_makes_both_suggested_peers_known() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20]);
    let (token, asked) = scene.elect();
    let outcome = scene.hear(asked[0].0, referral(token, asked[0].1, [500, 600]));
    let [(next, about, ticket)] = outcome.queries()[..] else { panic!("{outcome:?}") };
    assert!([500, 600].map(peer).contains(&next));
    assert_eq!(about, token);
    assert_ne!(ticket, asked[0].1);
    assert_eq!(outcome.events, [moved(Standing::Unknown, Standing::Identified); 2]);
    let samples = scene.samples();
    assert!([500, 600].iter().all(|number| samples.contains(&TokenId::new(*number))));

    let closed = scene.hear(asked[0].0, answer(asked[0].1, HONEST, token));
    assert_eq!(closed.rejection(), rejected(ElectionError::UnknownTicket), "who refers cannot answer");
}

#[test]
fn a_referral_that_nobody_asked_for_makes_peers_known_only_as_shipped() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20]);
    let unasked = || referral(token(5), Ticket::new(5), [500, 600]);
    assert_eq!(scene.hear(peer(10), unasked()).rejection(), Rejection::NoElection);
    let (token, _) = scene.elect();
    let wrong = scene.hear(peer(10), referral(token, Ticket::new(5), [500, 600]));
    assert_eq!(wrong.rejection(), rejected(ElectionError::UnknownTicket));
    assert_eq!(scene.standing(peer(500)), Standing::Unknown);

    let mut scene = Scene::shipped();
    let outcome = scene.hear(peer(10), unasked());
    let heard = moved(Standing::Unknown, Standing::Identified);
    assert_eq!(outcome.events, [Fact::Rejected(Rejection::NoElection), heard, heard]);
    assert!(outcome.sent.is_empty());
}

#[test]
fn a_referral_back_home_ends_the_chain_and_is_a_good_one_all_the_same() {
    let mut scene = Scene::shipped().knowing(Standing::Identified, [10]);
    scene.config.peers.unsolicited_referrals = false;
    scene.config.election.token_as_first_hop = false;
    let (token, asked) = scene.elect();
    // As shipped the owner is not left out, so that it may be chosen.
    let outcome = scene.hear(asked[0].0, referral(token, asked[0].1, [ME.get(), ME.get()]));
    assert_eq!(outcome.rejection(), rejected(ElectionError::SelfReference));
    assert!(scene.samples().contains(&ME.into()), "its suggestions are remembered");
}

// Invitations, as described.

#[test]
fn an_invitation_from_an_identified_peer_opens_an_election_on_it_of_which_it_is_the_first_answer() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20, 40, 80, 160]);
    let inviter = peer(40);
    let outcome = scene.hear(inviter, invitation(inviter));
    assert_eq!(outcome.events, [Fact::Started]);
    assert_eq!(outcome.asked(), [20, 10, 80, 160].map(peer), "four others, the nearest to the inviter first");
    let (judge, token, ticket) = outcome.queries()[0];
    assert_eq!(token, inviter.into());
    assert_eq!(scene.standing(inviter), Standing::Identified, "one voice is not enough");

    scene.hear(judge, answer(ticket, HONEST, token));
    let outcome = scene.turns_until(10);
    assert_eq!(outcome.events[0], Fact::Completed);
    assert_eq!(outcome.invited(), [inviter], "the nearest to its own id");
    assert_eq!(scene.standing(inviter), Standing::Pending);
}

#[test]
fn an_inviter_has_to_wait_before_it_can_start_another_election() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20, 30]);
    let inviter = peer(20);
    assert_eq!(scene.hear(inviter, invitation(inviter)).events, [Fact::Started]);
    scene.config.election.timeout_rounds = 30;
    assert_eq!(scene.turns_until(30).events, [Fact::GivenUp(Ending::TooFewAnswers)]);
    scene.now = Round(59);
    assert_eq!(scene.hear(inviter, invitation(inviter)).rejection(), Rejection::CoolingDown);
    scene.now = Round(60);
    assert_eq!(scene.hear(inviter, invitation(inviter)).events, [Fact::Started]);

    scene.config.peers.invitation_cooldown_rounds = 0;
    let running = scene.hear(inviter, invitation(inviter));
    assert_eq!(running.rejection(), rejected(ElectionError::ChannelAlreadyExists), "its election is running");
}

#[test]
fn an_invitation_from_a_connected_peer_is_a_sign_of_life() {
    let mut scene = Scene::lifecycle().knowing(Standing::Connected, [10]);
    let heard = |scene: &Scene| match scene.node.peers().iter().next() {
        Some((_, PeerState::Connected { heard, .. })) => heard,
        other => panic!("{other:?}"),
    };
    scene.config.peers.keepalive = false;
    scene.now = Round(7);
    scene.hear(peer(10), query(5));
    assert_eq!(heard(&scene), Round(0), "without keepalive other messages are none");
    assert!(scene.hear(peer(10), invitation(peer(10))).is_nothing());
    assert_eq!(heard(&scene), Round(7));
    scene.config.peers.keepalive = true;
    scene.now = Round(9);
    scene.hear(peer(10), query(5));
    assert_eq!(heard(&scene), Round(9));
}

#[test]
fn an_invitation_without_a_valid_proof_changes_nothing() {
    let inviter = peer(40);
    let about_another = proof(HONEST, token(41), ME);
    let for_another = proof(HONEST, inviter.into(), peer(41));
    for standing in [Standing::Identified, Standing::Pending, Standing::Connected] {
        for proof in [about_another, for_another] {
            let mut scene = Scene::lifecycle().knowing(standing, [40]);
            let outcome =
                scene.hear(inviter, Message::Invitation { proof: Box::new(proof), is_reply: false });
            assert_eq!(outcome.rejection(), Rejection::BadInvitation);
            assert_eq!(scene.standing(inviter), standing);
        }
    }
    let mut stranger = Scene::lifecycle();
    let outcome =
        stranger.hear(inviter, Message::Invitation { proof: Box::new(for_another), is_reply: false });
    assert_eq!(outcome.rejection(), Rejection::BadInvitation);
    assert_eq!(stranger.standing(inviter), Standing::Unknown);
}

/// How many of 2,000 peers decline an invitation of a stranger this far away.
fn decliners(scene: fn() -> Scene, distance: u64) -> usize {
    let inviter = peer(ME.get().wrapping_add(distance));
    let heard = moved(Standing::Unknown, Standing::Identified);
    let declines = |luck: &u64| {
        let mut scene = scene().knowing(Standing::Identified, [10, 20]);
        scene.rng = Rng::stream(*luck, Purpose::Protocol, ME.get());
        let outcome = scene.hear(inviter, invitation(inviter));
        assert_eq!(scene.standing(inviter), Standing::Identified, "it is known in any case");
        let declined = [heard, Fact::Rejected(Rejection::Declined)];
        let is_declined = outcome.events == declined;
        assert_ne!(is_declined, outcome.events.contains(&Fact::Started));
        is_declined
    };
    (0..2_000).filter(declines).count()
}

#[test]
fn a_stranger_is_declined_the_likelier_the_farther_it_is() {
    for scene in [Scene::lifecycle, Scene::shipped] {
        assert_eq!(decliners(scene, 1), 0, "a neighbour never");
        let quarter = decliners(scene, ring::HALF / 4);
        assert!((430..570).contains(&quarter), "one of four: {quarter}");
        assert_eq!(decliners(scene, ring::HALF), 2_000, "the opposite peer always");
    }
}

#[test]
fn only_strangers_are_declined() {
    let far = peer(ME.get().wrapping_add(ring::HALF));
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [10, far.get()]);
    assert_eq!(scene.hear(far, invitation(far)).events, [Fact::Started]);
    let mut scene = Scene::lifecycle().knowing(Standing::Pending, [far.get()]);
    assert_eq!(scene.hear(far, invitation(far)).events, [moved(Standing::Pending, Standing::Connected)]);
}

#[test]
fn one_cannot_invite_oneself() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20]);
    // At no distance nobody is declined; but nobody is a candidate for itself either.
    let outcome = scene.hear(ME, invitation(ME));
    let refused = Fact::Rejected(rejected(ElectionError::SelfReference));
    assert_eq!(outcome.events, [Fact::Started, refused]);
    assert_eq!(scene.standing(ME), Standing::Unknown);
}

#[test]
fn the_budget_holds_after_an_invitation() {
    let mut scene = Scene::lifecycle().knowing(Standing::Connected, [10, 20]);
    scene = scene.knowing(Standing::Pending, [30]);
    scene.config.peers.connected_budget = 2;
    let outcome = scene.hear(peer(30), invitation(peer(30)));
    let demoted = moved(Standing::Connected, Standing::Identified);
    assert_eq!(outcome.events, [moved(Standing::Pending, Standing::Connected), demoted]);
    assert_eq!(scene.node.peers().count(Standing::Connected), 2);
}

// Invitations, as shipped.

#[test]
fn as_shipped_an_invitation_starts_an_election_that_asks_nobody() {
    let mut scene = Scene::shipped().knowing(Standing::Identified, [10, 20, 40, 80, 160]);
    let inviter = peer(ME.get() + 1);
    // Its proof is about another token and for another peer.
    let garbage = proof(HONEST, token(5), peer(6));
    let outcome = scene.hear(inviter, Message::Invitation { proof: Box::new(garbage), is_reply: false });
    assert_eq!(outcome.events, [Fact::Started, moved(Standing::Unknown, Standing::Identified)]);
    assert!(outcome.sent.is_empty(), "its queries are lost");
    let election = scene.node.elections.get_mut(inviter.into()).unwrap().election();
    assert_eq!((election.channel_count(), election.responses().count()), (4, 0));

    let again = scene.hear(inviter, invitation(inviter));
    assert_eq!(again.rejection(), Rejection::CoolingDown);
    scene.config.peers.invitation_cooldown_rounds = 0;
    let again = scene.hear(inviter, invitation(inviter));
    assert_eq!(again.rejection(), rejected(ElectionError::UnknownTicket), "as if it were a late answer");
    assert_eq!(scene.turns_until(100).events, [Fact::GivenUp(Ending::NoAnswer)]);
}

#[test]
fn as_shipped_nobody_ever_connects() {
    let inviter = peer(ME.get() + 1);
    let mut scene = Scene::shipped().knowing(Standing::Pending, [inviter.get()]);
    let outcome = scene.hear(inviter, invitation(inviter));
    assert_eq!(outcome.events, [Fact::Started]);
    assert_eq!(scene.standing(inviter), Standing::Pending);
}

// Turns.

#[test]
fn a_turn_goes_through_its_phases_in_order() {
    let mut scene = Scene::lifecycle().knowing(Standing::Pending, [10]);
    scene.config.peers.pending_timeout_rounds = 5;
    scene.config.peers.invitations_per_round = 1;
    scene.config.election.per_round = 1;
    scene.now = Round(5);
    let outcome = scene.turn();
    let expired = moved(Standing::Pending, Standing::Identified);
    let invited = moved(Standing::Identified, Standing::Pending);
    assert_eq!(outcome.events, [expired, invited, Fact::Started]);
    assert_eq!(outcome.invited(), [peer(10)], "who did not answer may be invited again");
    assert_eq!(outcome.asked(), [peer(10)]);
    assert!(matches!(outcome.sent[0].1, Message::Invitation { .. }), "invitations go before elections");
}

#[test]
fn a_turn_makes_room_before_it_invites() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20, 30]);
    scene.config.peers.identified_capacity = 1;
    scene.config.peers.sample_capacity = 2;
    scene.config.peers.invitations_per_round = 3;
    let outcome = scene.turn();
    let forgotten = moved(Standing::Identified, Standing::Unknown);
    assert_eq!(outcome.events, [forgotten, forgotten, moved(Standing::Identified, Standing::Pending)]);
    assert_eq!(outcome.invited().len(), 1);
    assert_eq!(scene.node.samples().len(), 2);
}

#[test]
fn a_turn_prunes_before_it_invites() {
    let far = ME.get().wrapping_add(ring::HALF);
    let mut scene = Scene::lifecycle().knowing(Standing::Connected, [far]);
    scene.config.peers.distance_pruning = true;
    scene.config.peers.prune_protection_rounds = 0;
    scene.config.peers.invitations_per_round = 1;
    let dropped = moved(Standing::Connected, Standing::Identified);
    assert_eq!(scene.turn().events, [dropped, moved(Standing::Identified, Standing::Pending)]);
}

#[test]
fn invitations_are_bound_to_those_who_get_them() {
    let mut scene = Scene::lifecycle().knowing(Standing::Identified, [10, 20, 30]);
    scene.config.peers.invitations_per_round = 2;
    let outcome = scene.turn();
    assert_eq!(outcome.sent.len(), 2);
    for (to, message) in outcome.sent {
        let Message::Invitation { proof, .. } = message else { panic!("{message:?}") };
        assert!(verify(proof, ME.into(), to).is_ok());
    }
    assert_eq!(scene.node.peers().count(Standing::Pending), 2);
}

#[test]
fn to_be_introduced_is_to_be_sampled() {
    let mut scene = Scene::lifecycle().knowing(Standing::Connected, [10]).knowing(Standing::Identified, [20]);
    assert_eq!(scene.samples(), [token(10), token(20)]);
}

#[test]
fn strictly_an_invented_answer_is_refused() {
    let rejection = |verification| {
        let mut scene = Scene::lifecycle().knowing(Standing::Identified, [1, 2, 3, 4, 5]);
        let (token, asked) = scene.elect();
        scene.config.tokens.verification = verification;
        let (responder, ticket) = asked[0];
        scene.hear(responder, answer(ticket, HONEST, token)).events
    };
    assert_eq!(rejection(VerificationRule::Weak), []);
    let refused = rejected(ElectionError::SignatureVerificationFailed);
    assert_eq!(rejection(VerificationRule::Strict), [Fact::Rejected(refused)]);
}
