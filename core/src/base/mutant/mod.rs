//! Deliberate faults (mutation testing): each must be noticed by a test.
//!
//! They exist only with the feature `mutants`, which the tests alone turn on, and at most one is active at a
//! time. In every other build [`Mutant::is_active`] is a constant `false`, and neither the faults nor their
//! names are compiled in.

#[cfg(feature = "mutants")]
mod switch;

macro_rules! mutants {
    ($($name:ident $id:literal $meaning:literal;)+) => {
        /// A fault in one line of the core.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mutant {
            $(#[doc = $meaning] $name),+
        }

        #[cfg(feature = "mutants")]
        impl Mutant {
            /// All faults.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Name in lower-case letters and hyphens.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id),+
                }
            }

            /// Description in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning),+
                }
            }
        }
    };
}

// Variant, name, description.
mutants! {
    ProofCutShort "proof-cut-short" "A proof is given although its last token was not found.";
    ProofStopsAtOrigin "proof-stops-at-origin" "The search for a proof does not go on across the origin.";
    ProofWithoutToken "proof-without-token" "A peer that does not hold a token proves that it does.";
    ProofUnbound "proof-unbound" "The challenge of a proof does not depend on the asker.";
    SuffixOverlooked "suffix-overlooked" "The last suffix of a proof is not verified.";
    TokenOverlooked "token-overlooked" "A proof about another token is accepted.";
    OrderUnchecked "order-unchecked" "Tokens of a proof may be in any order.";
    TicketsAlike "tickets-alike" "All channels of an election have the same ticket.";
    TicketUnknownTaken "ticket-unknown-taken" "An answer with an unknown ticket counts on some channel.";
    ChannelTooMany "channel-too-many" "An election opens one channel more than it may.";
    LastAnswerCounts "last-answer-counts" "A second answer takes the place of the first.";
    VoterCountsTwice "voter-counts-twice" "A peer that answers on two channels counts twice.";
    AgreementStricter "agreement-stricter" "Answers must share one mapping more than required.";
    BlocksIgnored "blocks-ignored" "Answers agree that map the same tokens to different blocks.";
    LonersDecide "loners-decide" "A cluster may be smaller than required.";
    ContradictionsOverlooked "contradictions-overlooked" "Clusters with different blocks do not contradict one another.";
    FarthestWins "farthest-wins" "The member of a cluster that is farthest from the token wins.";
    ReferralsUnbounded "referrals-unbounded" "A chain of referrals may be of any length.";
    ReferralsLeadBack "referrals-lead-back" "A referral may lead to a peer that was asked before.";
    ReferralNamesAsker "referral-names-asker" "A referral may name the asker.";
    CooldownIgnored "cooldown-ignored" "Invitations are never too soon.";
    InvitationUnverified "invitation-unverified" "An invitation is accepted whatever its proof.";
    FloodUnnoticed "flood-unnoticed" "The number of invitations from a peer is not limited.";
    HandshakeSilent "handshake-silent" "A peer that connects does not tell the other side.";
    HandshakeEcho "handshake-echo" "An invitation that needs no answer is answered.";
    ConnectedUninvited "connected-uninvited" "An invitation connects two peers although only one has invited.";
    PendingForEver "pending-for-ever" "An invitation without an answer never times out.";
    SilenceForEver "silence-for-ever" "A connection never times out.";
    LifeUnnoticed "life-unnoticed" "Messages do not keep a connection alive.";
    ExpiryLate "expiry-late" "Entries that expire before the shortest timeout are checked too late.";
    SettledLate "settled-late" "Results of elections stand for twice as long as they should.";
    AnswersLate "answers-late" "An answer does not trigger a tally of its election.";
    ClockUnnoticed "clock-unnoticed" "Deadlines of a clock stay when the clock is set.";
    BudgetIgnored "budget-ignored" "Connections above the budget are kept.";
    BudgetCostsNeighbors "budget-costs-neighbors" "The budget is kept at the cost of neighbours.";
    IdentifiedUnbounded "identified-unbounded" "Identified peers are never evicted.";
    SamplesUnbounded "samples-unbounded" "Any number of samples is kept.";
    ResultsUnbounded "results-unbounded" "Any number of results of elections is remembered.";
    ElectionsUnbounded "elections-unbounded" "Any number of elections may run.";
    ForgottenRemembered "forgotten-remembered" "Statistics of an evicted peer are kept.";
    StandingMiscounted "standing-miscounted" "A peer that changes its state counts twice.";
    TableUnsorted "table-unsorted" "A new peer goes to the end of a table.";
    KnowsItself "knows-itself" "A peer takes itself into its table.";
    AbsenceUncounted "absence-uncounted" "A peer that misses elections on its id is not evicted.";
    GoodbyeUnheard "goodbye-unheard" "A goodbye changes nothing.";
    GoodbyeUnsent "goodbye-unsent" "A peer that ends a connection sends no goodbye.";
    CoreOneSided "core-one-sided" "Only those ahead of a peer are its neighbours.";
    CheatsUnsuspected "cheats-unsuspected" "Faults are not counted.";
    FaultsUnforgiven "faults-unforgiven" "Faults are never forgiven.";
    ServiceUnforgiven "service-unforgiven" "Bad service is never forgiven.";
    ScoresDrift "scores-drift" "The sum of all scores keeps those that are forgotten.";
    SlownessUncounted "slowness-uncounted" "A late answer is worth as much as a prompt one.";
    LossArrives "loss-arrives" "A lost message is counted as one that has arrived.";
    ArrivalCountedTwice "arrival-counted-twice" "An arrival of an answer is counted twice.";
    DeliveredTwice "delivered-twice" "An invitation that arrives is delivered twice.";
    DuplicateUncounted "duplicate-uncounted" "A message that is on its way twice is counted once.";
    OneWayCutsBoth "one-way-cuts-both" "A partition of one direction stops messages in both.";
    HealIncomplete "heal-incomplete" "Healing leaves partitions as they are.";
    ReleaseLoses "release-loses" "Messages of a released link are gone.";
    HeldPasses "held-passes" "Messages pass a held link.";
    HorizonLoses "horizon-loses" "Messages due beyond the horizon of the calendar are lost.";
    TickLate "tick-late" "Every message arrives a tick late.";
    LineNeverBusy "line-never-busy" "Bandwidth is not limited.";
    LuckSeesTraffic "luck-sees-traffic" "The random draws of a message depend on the number of messages in flight.";
    LuckAlike "luck-alike" "The messages of all peers draw from the same random stream.";
    OrderOfEntry "order-of-entry" "Messages of one tick arrive in the order in which they were sent.";
    CrashedListen "crashed-listen" "A crashed peer takes messages in, and answers.";
    PausedAct "paused-act" "A paused peer takes its turns.";
    SkewIgnored "skew-ignored" "A clock that is ahead or behind shows the right time.";
    NobodyReturns "nobody-returns" "A peer that departs for a while never returns.";
    GainsMiscounted "gains-miscounted" "Connections that end are counted as ones that begin.";
    CompletedTwice "completed-twice" "An election that completes is counted twice.";
    GoingBackSkips "going-back-skips" "Going back in a run loses the next command.";
    LinkLosesLength "link-loses-length" "A link does not hold how long a run is.";
    DamageOverlooked "damage-overlooked" "The checksum of a link is not compared.";
    AbsentDialled "absent-dialled" "A start dials cached peers that did not answer lately.";
    CachedDialsUnbounded "cached-dials-unbounded" "A start dials any number of cached peers at a time.";
    CacheUnsynced "cache-unsynced" "A save does not make its file durable before the rename.";
    ParentUnchecked "parent-unchecked" "A new block is appended whatever its parent.";
    ReplacedUnbounded "replaced-unbounded" "A reorganisation may replace any number of blocks.";
    ReplacementUncounted "replacement-uncounted" "A host that goes over to another chain does not report it.";
    ForkKept "fork-kept" "A vote on a fork never decides against the own chain.";
    CertificateUncounted "certificate-uncounted" "A certificate decides all tokens whatever its votes.";
    StrangersDecide "strangers-decide" "The votes of all known peers count, Connected or not.";
    LocksForgotten "locks-forgotten" "A peer votes for every one of several conflicting blocks.";
    MappingsBack "mappings-back" "A token is mapped to the block heard of last, even if a child of it is committed.";
    PoolUnbounded "pool-unbounded" "Any number of undecided blocks is kept.";
    HeadsUntraced "heads-untraced" "Heads of other chains are never traced.";
    AncestryUnread "ancestry-unread" "An Answer convicts its signer of fraud although its head does not follow the block.";
    ContradictionStated "contradiction-stated" "A peer states its head with an Answer although it has committed a block that spends a mapping of it.";
    ChainUnnumbered "chain-unnumbered" "A peer that has lost its memory begins its chain under the number of the former one.";
}

impl Mutant {
    /// Whether this fault is active.
    #[cfg(feature = "mutants")]
    #[must_use]
    pub fn is_active(self) -> bool {
        switch::active() == Some(self)
    }

    /// Always false.
    #[cfg(not(feature = "mutants"))]
    #[must_use]
    #[inline]
    pub const fn is_active(self) -> bool {
        false
    }

    /// The fault with a name.
    #[cfg(feature = "mutants")]
    #[must_use]
    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|mutant| mutant.id() == id)
    }

    /// Runs `work` with this fault active, then restores the former state.
    #[cfg(feature = "mutants")]
    pub fn during<T>(self, work: impl FnOnce() -> T) -> T {
        switch::with(Some(self), work)
    }
}

/// The honest expression, or the broken one while the named fault is active: `mutant!(TickLate: due =>
/// later)`.
macro_rules! mutant {
    ($name:ident: $honest:expr => $broken:expr) => {
        if $crate::base::mutant::Mutant::$name.is_active() { $broken } else { $honest }
    };
}

pub(crate) use mutant;
