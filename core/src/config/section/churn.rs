//! Churn: spontaneous arrivals, departures and returns of peers.

use crate::config::knob::declare::{options, section};

section! {
    /// Churn: spontaneous arrivals, departures and returns of peers.
    churn: ChurnConfig;

    120 arrivals (count 0 1_000_000) = 0 "peers" live
        "Mean number of independent arrivals in a thousand rounds."
    121 sessions (choice SessionRule) = Endless "" live
        "Distribution of session lengths."
    122 session_rounds (count 1 1_000_000) = 500 "rounds" live
        "Mean session length."
    123 return_share (share) = (0 %) "" live
        "Share of departures after which the peer returns with its former state."
    124 absence_rounds (count 1 1_000_000) = 50 "rounds" live
        "Mean absence of a peer that returns."
    125 goodbye_share (share) = (0 %) "" live
        "Share of the other departures that are announced with a goodbye."
}

options! {
    /// Distribution of session lengths.
    pub enum SessionRule {
        /// Sessions never end.
        Endless = "endless",
        /// Exponential (memoryless): departure is equally likely at any age.
        Exponential = "exponential",
        /// Weibull of shape 1/2: many short sessions, and long ones tend to become longer.
        Weibull = "weibull",
        /// Pareto of shape 2: no very short sessions, and a few very long ones.
        HeavyTailed = "heavy-tailed",
    }
}
