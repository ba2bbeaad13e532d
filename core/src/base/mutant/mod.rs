//! Deliberate faults, to learn which of them the tests notice.
//!
//! They exist where the feature `mutants` is on, which only the tests turn on, and one is active at a time. In whatever is
//! shipped [`Mutant::is_active`] is a constant `false`: neither the faults nor their names are in it.

#[cfg(feature = "mutants")]
mod switch;

macro_rules! mutants {
    ($($name:ident $id:literal $meaning:literal;)+) => {
        /// One fault, at one place of the core.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mutant {
            $(#[doc = $meaning] $name),+
        }

        #[cfg(feature = "mutants")]
        impl Mutant {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name: small letters and hyphens.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id),+
                }
            }

            /// What is wrong, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning),+
                }
            }
        }
    };
}

// Name, id, what is wrong.
mutants! {
    ProofCutShort "proof-cut-short" "A proof is given although its last token was not found.";
    ProofStopsAtOrigin "proof-stops-at-origin" "The search for a proof does not go on across the origin.";
    ProofWithoutToken "proof-without-token" "Who does not hold a token proves that it does.";
    ProofUnbound "proof-unbound" "What a proof has to show does not depend on who asks.";
    SuffixOverlooked "suffix-overlooked" "The last suffix of a proof is not verified.";
    TokenOverlooked "token-overlooked" "A proof about another token is taken.";
    OrderUnchecked "order-unchecked" "Tokens of a proof may be in any order.";
    TicketsAlike "tickets-alike" "All channels of an election have the same ticket.";
    TicketUnknownTaken "ticket-unknown-taken" "An answer with an unknown ticket counts on some channel.";
    ChannelTooMany "channel-too-many" "An election opens one channel more than it may.";
    LastAnswerCounts "last-answer-counts" "A second answer takes the place of the first.";
    VoterCountsTwice "voter-counts-twice" "Who answers on two channels counts twice.";
    AgreementStricter "agreement-stricter" "Answers must agree on one mapping more than is demanded.";
    BlocksIgnored "blocks-ignored" "Answers agree that map the same tokens to different blocks.";
    LonersDecide "loners-decide" "A cluster may be smaller than is demanded.";
    ContradictionsOverlooked "contradictions-overlooked" "Clusters with different blocks do not contradict each other.";
    FarthestWins "farthest-wins" "The member of a cluster that is farthest from the token wins.";
    ReferralsUnbounded "referrals-unbounded" "A chain of referrals may be of any length.";
    ReferralsLeadBack "referrals-lead-back" "A referral may lead to a peer that was asked before.";
    ReferralNamesAsker "referral-names-asker" "A referral may name the one who asks.";
    CooldownIgnored "cooldown-ignored" "Invitations are never too soon.";
    InvitationUnverified "invitation-unverified" "An invitation is taken whatever its proof.";
    FloodUnnoticed "flood-unnoticed" "However many invitations a peer sends, they are not too many.";
    HandshakeSilent "handshake-silent" "Who becomes Connected does not let the other side know.";
    HandshakeEcho "handshake-echo" "What needs no answer is answered.";
    ConnectedUninvited "connected-uninvited" "An invitation connects peers of whom only one has invited.";
    PendingForEver "pending-for-ever" "An invitation without an answer never times out.";
    SilenceForEver "silence-for-ever" "A connection never times out.";
    LifeUnnoticed "life-unnoticed" "Signs of life of a connection are not noted.";
    ExpiryLate "expiry-late" "What expires before the shortest term is over is looked at too late.";
    SettledLate "settled-late" "Results of elections stand for twice as long as they should.";
    AnswersLate "answers-late" "An answer that comes in does not have its election looked at.";
    ClockUnnoticed "clock-unnoticed" "What was concluded from a clock stays when the clock is set.";
    BudgetIgnored "budget-ignored" "Connections above the budget are kept.";
    BudgetCostsNeighbors "budget-costs-neighbors" "The budget is kept at the cost of neighbours.";
    IdentifiedUnbounded "identified-unbounded" "Identified peers are never evicted.";
    SamplesUnbounded "samples-unbounded" "Any number of samples is kept.";
    ResultsUnbounded "results-unbounded" "Any number of results of elections is remembered.";
    ElectionsUnbounded "elections-unbounded" "Any number of elections may run.";
    ForgottenRemembered "forgotten-remembered" "Dealings with a peer that is forgotten are remembered.";
    StandingMiscounted "standing-miscounted" "A peer that changes its standing counts twice.";
    TableUnsorted "table-unsorted" "A new peer goes to the end of a table.";
    KnowsItself "knows-itself" "A peer takes itself into its table.";
    AbsenceUncounted "absence-uncounted" "Who misses elections on its id is not forgotten.";
    GoodbyeUnheard "goodbye-unheard" "A goodbye changes nothing.";
    GoodbyeUnsent "goodbye-unsent" "Who ends a connection does not say so.";
    CoreOneSided "core-one-sided" "Only those ahead of a peer are its neighbours.";
    CheatsUnsuspected "cheats-unsuspected" "Faults are not counted.";
    FaultsUnforgiven "faults-unforgiven" "Faults are never forgiven.";
    ServiceUnforgiven "service-unforgiven" "Bad service is never forgiven.";
    ScoresDrift "scores-drift" "The sum of all scores keeps those that are forgotten.";
    SlownessUncounted "slowness-uncounted" "A late answer is worth as much as a prompt one.";
    LossArrives "loss-arrives" "A lost message is counted as one that has arrived.";
    ArrivalCountedTwice "arrival-counted-twice" "An arrival of an answer is counted twice.";
    DeliveredTwice "delivered-twice" "An invitation that arrives happens to its receiver twice.";
    DuplicateUncounted "duplicate-uncounted" "A message that is on its way twice is counted once.";
    OneWayCutsBoth "one-way-cuts-both" "A partition of one direction stops messages in both.";
    HealIncomplete "heal-incomplete" "Healing leaves partitions as they are.";
    ReleaseLoses "release-loses" "Messages of a released link are gone.";
    HeldPasses "held-passes" "Messages pass a held link.";
    HorizonLoses "horizon-loses" "What is due beyond the horizon of the calendar is gone.";
    TickLate "tick-late" "Every message arrives a tick late.";
    LineNeverBusy "line-never-busy" "Bandwidth is not limited.";
    LuckSeesTraffic "luck-sees-traffic" "The luck of a message depends on how many others are in flight.";
    LuckAlike "luck-alike" "The messages of all peers have the same luck.";
    OrderOfEntry "order-of-entry" "Messages of one tick arrive in the order in which they were sent.";
    CrashedListen "crashed-listen" "A crashed peer takes messages in, and answers.";
    PausedAct "paused-act" "A paused peer takes its turns.";
    SkewIgnored "skew-ignored" "A clock that is ahead or behind shows the right time.";
    NobodyReturns "nobody-returns" "Who departs for a while never returns.";
    GainsMiscounted "gains-miscounted" "Connections that end are counted as ones that begin.";
    CompletedTwice "completed-twice" "An election that completes is counted twice.";
    GoingBackSkips "going-back-skips" "Going back in a run loses the next command.";
    LinkLosesLength "link-loses-length" "A link does not hold how long a run is.";
    DamageOverlooked "damage-overlooked" "The checksum of a link is not compared.";
}

impl Mutant {
    /// Whether this is the fault that is to be noticed.
    #[cfg(feature = "mutants")]
    #[must_use]
    pub fn is_active(self) -> bool {
        switch::active() == Some(self)
    }

    /// Never.
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

    /// Does something with this fault active, and with whatever was active before after it.
    #[cfg(feature = "mutants")]
    pub fn during<T>(self, work: impl FnOnce() -> T) -> T {
        switch::with(Some(self), work)
    }
}

/// The honest expression, or the broken one while the named fault is active: `mutant!(TickLate: due => later)`.
macro_rules! mutant {
    ($name:ident: $honest:expr => $broken:expr) => {
        if $crate::base::mutant::Mutant::$name.is_active() { $broken } else { $honest }
    };
}

#[allow(unused_imports, reason = "each folder adopts it on its own")]
pub(crate) use mutant;
