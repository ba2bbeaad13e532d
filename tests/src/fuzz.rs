//! Fuzz targets, for `cargo xtask fuzz` and for the replay of the corpus by the test suite.
//!
//! A target interprets arbitrary bytes, and panics if a property does not hold.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ringside_core::base::digest::{Digest, Fingerprint};
use ringside_core::base::id::{BlockId, PeerId, Ticket, TokenId};
use ringside_core::base::problem::Problem;
use ringside_core::base::rng::{Purpose, Rng};
use ringside_core::config::KNOBS;
use ringside_core::config::knob::{Knob, Setting};
use ringside_core::config::{ElectionConfig, SearchRule, VerificationRule};
use ringside_core::observe::block_view;
use ringside_core::observe::invariant::PropertyStatus;
use ringside_core::protocol::context::TokenStore;
use ringside_core::protocol::election::{BLOCKED_MAX, Election, Outcome, VotingRules};
use ringside_core::protocol::event::ElectionError;
use ringside_core::protocol::message::{CompactProof, Mapping, Proof, ProofResolver, StorageProof};
use ringside_core::protocol::proof::{ProofVerifier, chunks};
use ringside_core::scenario::Scenario;
use ringside_core::scenario::command::table::{FORMS, FieldKind, Form};
use ringside_core::scenario::expect::Trial;
use ringside_core::scenario::link;
use ringside_core::scenario::raw::Value;
use ringside_core::scenario::rules::contradictions;
use ringside_core::sim::command::Command;
use ringside_core::sim::host::Host;
use ringside_core::study::simulation::Simulation;

/// A name and a fuzz target.
pub type Target = (&'static str, fn(&[u8]));

/// All fuzz targets.
pub const TARGETS: &[Target] =
    &[("link", link), ("scenario", scenario), ("commands", commands), ("election", election)];

/// A stream of choices made by the bytes.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// The next byte, or 0.
    fn byte(&mut self) -> u8 {
        self.next().unwrap_or(0)
    }

    /// A number, mostly small.
    fn number(&mut self) -> u64 {
        match self.byte() {
            255 => u64::from_be_bytes([(); 8].map(|()| self.byte())),
            254 => u64::from(self.byte()) << 8 | u64::from(self.byte()),
            small => small.into(),
        }
    }
}

/// Parses any text, and any content with a valid checksum, as a link. A link is canonical or refused.
pub fn link(bytes: &[u8]) {
    if let Ok(text) = str::from_utf8(bytes) {
        try_link(text);
    }
    let sealed = [bytes, &blake3::hash(bytes).as_bytes()[..4]].concat();
    try_link(&format!("1.{}", Base64UrlUnpadded::encode_string(&sealed)));
}

fn try_link(text: &str) {
    match link::decode(text) {
        Err(problem) => assert_helpful(&[problem]),
        Ok(opened) => {
            let payload = link::encode(&opened).expect("an opened link can be encoded");
            // The end mark is new, line breaks are dropped, and percent-encoding is decoded.
            let bare = payload.strip_suffix("&end").unwrap_or(&payload);
            let joined = text.replace(['\r', '\n'], "");
            assert!(text.contains('%') || joined.contains(bare), "a run has one link");
            assert_eq!(link::decode(&payload), Ok(opened));
        }
    }
}

/// Parses any JSON as a scenario. It is valid and survives a round trip, or it is refused.
///
/// # Panics
///
/// If neither holds.
pub fn scenario(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    match Trial::parse(&value) {
        Err(problems) => assert_helpful(&problems),
        Ok(Trial { scenario, .. }) => {
            assert_eq!(scenario.check(), []);
            assert_eq!(Scenario::parse(&scenario.describe()), Ok(scenario));
        }
    }
}

/// A small world after the commands that the bytes choose.
///
/// # Panics
///
/// If a refused command changes the world.
#[must_use]
pub fn run_commands(bytes: &[u8]) -> Simulation {
    let mut choices = Choices(bytes);
    let mut run = small_world(choices.byte());
    for _ in 0..COMMANDS_MAX {
        let Some(form) = choices.next() else { break };
        try_command(&mut run, form, &mut choices);
        run.tick(u64::from(choices.byte() % 4));
    }
    run
}

/// First of the choices of worlds in which peers vote on blocks.
const BLOCK_WORLDS: u8 = 192;

/// Forms of a command that sets a knob: half of them count knobs from the start, half from the end.
const SETTING_FORMS: usize = 4;

/// The most commands of one run: each costs a few fingerprints.
const COMMANDS_MAX: usize = 40;

/// Injects any commands. Each is executed, or refused with a reason and without a change of state; all
/// safety properties hold, and the link of the run reproduces it.
///
/// # Panics
///
/// If a property does not hold.
pub fn commands(bytes: &[u8]) {
    let run = run_commands(bytes);
    let states = run.invariants();
    let violated = states.iter().find(|state| matches!(state.status, PropertyStatus::Violated { .. }));
    assert!(violated.is_none(), "{violated:?}");
    let mut again = Simulation::open(&run.link().expect("a short run has a link")).expect("it opens");
    again.run_until(run.now());
    assert_eq!(again.fingerprint(), run.fingerprint());
}

fn small_world(choice: u8) -> Simulation {
    let lifecycle = ["improved", "seed-000", "as-claimed"][usize::from(choice) % 3];
    let preset = if choice < BLOCK_WORLDS { lifecycle } else { "blocks" };
    let mut scenario = Scenario::preset(preset).expect("a preset");
    scenario.seed = choice.into();
    let small = ["genesis.peers=7", "tokens.total=90", "tokens.view_min=90", "time.ticks_per_round=2"];
    for text in small.iter().chain(&["load.from_round=1", "load.conflict_share=0.3"]) {
        scenario.with_setting(Setting::parse_text(text).expect("a setting"));
    }
    Simulation::new(scenario)
}

fn try_command(run: &mut Simulation, form: u8, choices: &mut Choices<'_>) {
    let Some(command) = command(run, form, choices) else { return };
    let before = run.fingerprint();
    if let Err(problem) = run.inject(command) {
        assert_helpful(&[problem]);
        assert_eq!(run.fingerprint(), before, "{command:?} was refused");
    }
}

/// A command with any values, in and out of their ranges.
fn command(run: &Simulation, form: u8, choices: &mut Choices<'_>) -> Option<Command> {
    let index = usize::from(form) % (FORMS.len() + SETTING_FORMS);
    let Some(Form { fields, build, .. }) = FORMS.get(index) else {
        let knob = knob(index - FORMS.len() >= SETTING_FORMS / 2, choices.byte());
        return Setting::from_raw(knob, choices.number()).map(Command::Set);
    };
    let mut value = |field: FieldKind| match (field, choices.number()) {
        (FieldKind::Position, few @ 0..200) => peer_at(run, few).get(),
        (FieldKind::Position, few @ 200..230) => block_at(run, few - 200),
        // A share counts in millionths.
        (FieldKind::Value(kind), few) if kind.range() == (0, 1_000_000) => few.saturating_mul(10_000),
        (_, number) => number,
    };
    Some(build(&fields.iter().map(|(_, field)| value(*field)).collect::<Vec<_>>()))
}

/// The knob at an index from the start or from the end: a byte is too small for all of them.
#[must_use]
pub fn knob(from_end: bool, index: u8) -> &'static Knob {
    let index = usize::from(index) % KNOBS.len();
    &KNOBS[if from_end { KNOBS.len() - 1 - index } else { index }]
}

/// Position of the undecided block at an index, or the index.
fn block_at(run: &Simulation, index: u64) -> u64 {
    let layers = block_view::layers(run.world());
    let mut entries = layers.flat_map(|(_, layer)| layer.pool().entries().iter().map(|entry| entry.id.get()));
    usize::try_from(index).ok().and_then(|index| entries.nth(index)).unwrap_or(index)
}

/// The peer at an index, or an id without a peer.
fn peer_at(run: &Simulation, index: u64) -> PeerId {
    let hosts = run.world().hosts();
    usize::try_from(index).ok().and_then(|index| hosts.get(index)).map_or(PeerId::new(index), Host::id)
}

const OWNER: PeerId = PeerId::new(7);
const TOKEN: TokenId = TokenId::new(999);

/// Applies any operations to an election. It stays within its limits, refuses without a change of state,
/// and elects only peers that have answered.
///
/// # Panics
///
/// If a property does not hold.
pub fn election(bytes: &[u8]) {
    let mut choices = Choices(bytes);
    let Some(config) = election_rules(&mut choices) else { return };
    let mut election = Election::new(TOKEN, OWNER, [choices.byte(); 32]);
    let mut rng = Rng::stream(choices.byte().into(), Purpose::Protocol, 1);
    let mut tickets = vec![Ticket::new(3)];
    while let Some(operation) = choices.next() {
        let before = fingerprint(&election);
        let ticket = tickets[usize::from(choices.byte()) % tickets.len()];
        let peer = PeerId::new(u64::from(choices.byte() % 24));
        let done = match operation % 4 {
            0 => election.open_channel(peer, &config).map(|query| tickets.push(query.ticket)),
            1 => {
                let suggested = [peer, PeerId::new(u64::from(choices.byte() % 24))];
                let token = if choices.byte() == 9 { TokenId::new(8) } else { TOKEN };
                let query = election.handle_referral(ticket, token, suggested, &config, &mut rng);
                query.map(|query| tickets.push(query.ticket))
            }
            _ => {
                let verifier = ProofVerifier {
                    rule: VerificationRule::Weak,
                    search: SearchRule::RingWrap,
                    own: &EmptyStore,
                };
                let proof = synthetic_proof(choices.byte());
                let rules = VotingRules { election: &config, verifier };
                election.handle_answer(ticket, proof, peer, rules).map(drop)
            }
        };
        if let Err(error) = done
            && changes_nothing(operation % 4, error)
        {
            assert_eq!(fingerprint(&election), before, "{error:?} of operation {}", operation % 4);
        }
        check_election(&election, &config);
    }
}

/// The rules that the bytes choose; `None` if they contradict one another.
fn election_rules(choices: &mut Choices<'_>) -> Option<ElectionConfig> {
    let mut config = Scenario::preset("improved").expect("a preset").config;
    let knobs: Vec<_> = KNOBS.iter().filter(|knob| knob.section() == "election").collect();
    for _ in 0..choices.byte() % 8 {
        let knob = knobs[usize::from(choices.byte()) % knobs.len()];
        Setting::from_raw(knob, choices.number())?.apply(&mut config);
    }
    contradictions(&config).is_empty().then_some(config.election)
}

/// Whether an operation (0: open a channel, 1: handle a referral, 2 and 3: handle an answer) that fails
/// with this error must leave the election unchanged.
const fn changes_nothing(operation: u8, error: ElectionError) -> bool {
    match operation {
        0 => true,
        1 => matches!(
            error,
            ElectionError::WrongToken
                | ElectionError::UnknownTicket
                | ElectionError::ChannelBlocked
                | ElectionError::AlreadyAnswered
        ),
        _ => !matches!(error, ElectionError::SignatureVerificationFailed | ElectionError::DuplicateResponse),
    }
}

fn check_election(election: &Election, config: &ElectionConfig) {
    assert!(election.channel_count() <= config.max_channels as usize);
    assert!(election.valid_response_count() <= election.channel_count());
    assert!(election.blocked_peer_count() <= BLOCKED_MAX);
    let answered = |peer: &PeerId| election.responses().any(|(responder, _)| responder == *peer);
    match election.check_for_winner(config, &EmptyStore) {
        Outcome::Single { winner, cluster } => {
            assert!(answered(&winner));
            assert!(cluster.members.len() >= config.min_cluster_size as usize);
            assert!(cluster.members.iter().all(answered));
        }
        Outcome::SplitBrain { winners, clusters } => {
            assert!(winners.iter().all(answered));
            assert!(clusters[0].members.len() >= clusters[1].members.len(), "the larger one comes first");
            assert_ne!(clusters[0].members, clusters[1].members);
        }
        Outcome::NoConsensus => {}
    }
}

fn fingerprint(election: &Election) -> Fingerprint {
    let mut digest = Digest::default();
    election.digest(&mut digest, &EmptyStore);
    digest.finish()
}

/// A proof that shares tokens with the proofs of other choices by their common bits; invalid for choice 77.
fn synthetic_proof(choice: u8) -> StorageProof {
    let block = BlockId::new(u64::from(choice >> 6));
    let mut index = 0;
    let signature = chunks(OWNER, TOKEN, block).map(|chunk| {
        index += 1;
        let family = u64::from(choice >> (index % 6) & 1);
        let wrong = u64::from(choice == 77);
        Mapping { token: TokenId::new((family << 32 | index << 16 | u64::from(chunk)) + wrong), block }
    });
    Proof { answer: Mapping { token: TOKEN, block }, signature }.into()
}

/// A challenger that holds nothing.
struct EmptyStore;

impl ProofResolver for EmptyStore {
    fn resolve(&self, _proof: &CompactProof) -> Proof {
        unreachable!("all proofs are explicit")
    }
}

impl TokenStore for EmptyStore {
    fn block_of(&self, _token: TokenId) -> Option<BlockId> {
        None
    }

    fn prove(&self, _token: TokenId, _asker: PeerId) -> Option<StorageProof> {
        None
    }
}

fn assert_helpful(problems: &[Problem]) {
    assert!(!problems.is_empty());
    for Problem { path, message, remedy } in problems {
        assert!(!path.is_empty() && !message.is_empty() && !remedy.is_empty(), "{problems:?}");
    }
}
