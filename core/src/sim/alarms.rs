//! Alarms: deadlines of timers, in the queue of the world.

use crate::base::id::PeerId;
use crate::base::sort;
use crate::base::time::Tick;
use crate::sim::network::{Bucket, Calendar};
use crate::stack::timer::TimerId;

/// A deadline of a timer. Whether it still stands, the host's table of timers decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alarm {
    /// The host that has set the timer.
    pub host: PeerId,
    /// The timer.
    pub timer: TimerId,
}

/// All deadlines, in the order of time. Empty time costs nothing: the queue names its next tick.
#[derive(Clone, Debug, Default)]
pub struct Alarms {
    queue: Calendar<Alarm>,
}

impl Alarms {
    /// Enters a deadline.
    pub fn push(&mut self, due: Tick, alarm: Alarm) {
        self.queue.push(due, 0, alarm);
    }

    /// The next tick with a deadline.
    #[must_use]
    pub(crate) fn next_due(&self) -> Option<Tick> {
        self.queue.next_due()
    }

    /// Takes out the deadlines of a tick, by host and timer. No deadline may be earlier.
    pub fn take(&mut self, now: Tick) -> Vec<Alarm> {
        let mut day = self.queue.open(now);
        let chunks = day.buckets().iter_mut().flat_map(Bucket::chunks);
        let mut due: Vec<Alarm> = chunks.flat_map(|chunk| chunk.drain(..)).collect();
        self.queue.close(day);
        sort::sort_by_key(&mut due, |alarm| *alarm);
        due
    }

    /// Number of deadlines, overtaken ones included.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether there is no deadline.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}
