//! What a run shows of itself: metrics, shape, pictures, knobs. Reading changes nothing.

use super::Simulation;
use crate::base::id::PeerId;
use crate::base::problem::Problem;
use crate::config::KNOBS;
use crate::config::knob::KnobView;
#[cfg(feature = "layers")]
use crate::observe::block_map::{self, BlockMap};
#[cfg(feature = "layers")]
use crate::observe::cache_view::{self, CacheView, Subject};
#[cfg(feature = "layers")]
use crate::observe::chain_log::ChainLog;
use crate::observe::frame::{Frame, PeerView};
use crate::observe::metrics::{Metrics, Sample, Shape};
#[cfg(feature = "layers")]
use crate::observe::pool_view::{self, PoolView};
#[cfg(feature = "layers")]
use crate::observe::radio_view::{self, RadioMap};
#[cfg(feature = "layers")]
use crate::observe::session_view::{self, SessionRow};
use crate::scenario::rules::notices;

impl Simulation {
    /// Metrics since tick 0.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        let (preset, seed) = (self.scenario.preset.name, self.scenario.seed);
        Metrics::of(preset, seed, &self.world, &self.recorder, &self.history)
    }

    /// The state of the counts now, as a row of the history.
    #[must_use]
    pub fn sample(&self) -> Sample {
        Sample::now(&self.world, &self.recorder)
    }

    /// Shape of the peer graph now, computed at every call.
    #[must_use]
    pub fn shape(&self) -> Shape {
        Shape::of(&self.world)
    }

    /// Sessions that have ended, the latest ones, and those alive; empty if hosts hold none.
    #[cfg(feature = "layers")]
    #[must_use]
    pub fn sessions(&self) -> Vec<SessionRow> {
        session_view::rows(&self.world, self.recorder.ended_sessions())
    }

    /// Chains that fork; without a branch if they do not.
    #[cfg(feature = "layers")]
    #[must_use]
    pub const fn chains(&self) -> &ChainLog {
        self.recorder.chains()
    }

    /// Map of the radios with the ledger of a host; `None` if hosts have no radio.
    #[cfg(feature = "layers")]
    #[must_use]
    pub fn radio_map(&self, chosen: Option<PeerId>) -> Option<RadioMap> {
        radio_view::map(&self.world, chosen)
    }

    /// The peer cache of a host as a table; `None` if hosts keep none.
    #[cfg(feature = "layers")]
    #[must_use]
    pub fn cache_view(&self, subject: Subject) -> Option<CacheView> {
        cache_view::view(&self.world, subject)
    }

    /// The managed peers of a host; `None` if hosts manage no peers.
    #[cfg(feature = "layers")]
    #[must_use]
    pub fn pool_view(&self, chosen: Option<PeerId>) -> Option<PoolView> {
        pool_view::view(&self.world, chosen)
    }

    /// The latest blocks, and what a peer waits for; `None` if peers do not vote on blocks.
    #[cfg(feature = "layers")]
    #[must_use]
    pub fn block_map(&self, chosen: Option<PeerId>) -> Option<BlockMap> {
        block_map::map(&self.world, chosen)
    }

    /// Warnings about settings in force that are valid but probably unintended.
    #[must_use]
    pub fn notices(&self) -> Vec<Problem> {
        notices(self.world.config())
    }

    /// A picture of the world, with at most `messages` of the messages in flight.
    #[must_use]
    pub fn frame(&self, messages: usize) -> Frame {
        Frame::of(&self.world, messages)
    }

    /// One peer and its contacts; `None` if it does not exist.
    #[must_use]
    pub fn peer(&self, id: PeerId) -> Option<PeerView> {
        PeerView::of(&self.world, id)
    }

    /// All knobs with the values in force.
    #[must_use]
    pub fn knobs(&self) -> Vec<KnobView> {
        KNOBS.iter().map(|knob| knob.view(self.world.config())).collect()
    }
}
