//! Frames that wait to go on the air.

use std::collections::VecDeque;
use std::sync::Arc as Shared;

use super::message::{Priority, RadioFrame};
use crate::base::digest::Digest;
use crate::base::prefetch;

/// A frame that waits.
#[derive(Clone, Debug)]
pub struct WaitingFrame {
    /// The frame.
    pub frame: Shared<RadioFrame>,
    /// Its length, in bytes: asked for far more often than frames go.
    pub bytes: u32,
    /// Time at which it was queued, in ms.
    pub since_ms: u64,
    /// Time before which it does not go, in ms.
    pub ready_ms: u64,
}

/// Frames by priority, each in the order in which they were queued.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    classes: [VecDeque<WaitingFrame>; 4],
}

/// What a full queue dropped.
#[derive(Clone, Debug)]
pub enum Overflow {
    /// Nothing.
    None,
    /// A frame that had waited for too long.
    Expired(WaitingFrame),
    /// The oldest frame of the lowest priority.
    Displaced(WaitingFrame),
}

impl Queue {
    /// Number of frames.
    #[must_use]
    pub fn len(&self) -> usize {
        self.classes.iter().map(VecDeque::len).sum()
    }

    /// Whether no frame waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.classes.iter().all(VecDeque::is_empty)
    }

    /// Queues a frame. Beyond the limit an expired frame goes, else the oldest of the lowest priority.
    pub fn push(&mut self, waiting: WaitingFrame, limit: usize, ttl_ms: u64) -> Overflow {
        let now_ms = waiting.since_ms;
        self.classes[waiting.frame.priority() as usize].push_back(waiting);
        if self.len() <= limit {
            return Overflow::None;
        }
        if let Some(expired) = self.take_expired(now_ms, ttl_ms) {
            return Overflow::Expired(expired);
        }
        let lowest = self.classes.iter_mut().rev().find(|class| !class.is_empty());
        lowest.and_then(VecDeque::pop_front).map_or(Overflow::None, Overflow::Displaced)
    }

    /// Takes a frame out that has waited for too long; `None` if none has.
    pub fn take_expired(&mut self, now_ms: u64, ttl_ms: u64) -> Option<WaitingFrame> {
        let is_late = |one: &WaitingFrame| now_ms.saturating_sub(one.since_ms) > ttl_ms;
        self.classes.iter_mut().find_map(|class| class.pop_front_if(|one| is_late(one)))
    }

    /// The first frames of each priority with their indices, in the order in which they go.
    pub fn first(&self, count: usize) -> impl Iterator<Item = (Priority, usize, &WaitingFrame)> {
        const PRIORITIES: [Priority; 4] =
            [Priority::Critical, Priority::High, Priority::Normal, Priority::Low];
        let classes = PRIORITIES.into_iter().zip(&self.classes);
        classes.flat_map(move |(priority, class)| {
            class.iter().take(count).enumerate().map(move |(index, one)| (priority, index, one))
        })
    }

    /// Takes a frame out by its priority and index.
    pub fn take(&mut self, priority: Priority, index: usize) -> Option<WaitingFrame> {
        self.classes[priority as usize].remove(index)
    }

    /// Drops frames of a priority that satisfy a predicate.
    pub fn drop_where(&mut self, priority: Priority, is_so: impl Fn(&RadioFrame) -> bool) {
        self.classes[priority as usize].retain(|one| !is_so(&one.frame));
    }

    /// Whether a frame of a priority satisfies a predicate.
    #[must_use]
    pub fn any(&self, priority: Priority, is_so: impl Fn(&RadioFrame) -> bool) -> bool {
        self.classes[priority as usize].iter().any(|one| is_so(&one.frame))
    }

    /// Prefetches the first frame of each priority.
    pub(super) fn prefetch(&self) {
        self.classes.iter().filter_map(VecDeque::front).for_each(prefetch::small);
    }

    /// Adds the queue to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        for class in &self.classes {
            digest.length(class.len());
            for one in class {
                one.frame.digest(digest, None);
                digest.number(one.since_ms);
                digest.number(one.ready_ms);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::PeerId;
    use crate::stack::radio::message::{Content, MessageId, Target};

    fn waiting(name: u64, priority: Priority, since_ms: u64) -> WaitingFrame {
        let message = MessageId { origin: PeerId::new(name), number: 0 };
        let content = match priority {
            Priority::Critical => Content::Ack(message),
            Priority::Low => Content::Beacon { counter: 0, sent_ms: 0, about: None },
            _ => Content::RouteRequest { search: message, wanted: PeerId::new(1), hops: 0 },
        };
        let frame = RadioFrame { from: PeerId::new(name), to: Target::Near, content };
        WaitingFrame { bytes: frame.bytes(), frame: Shared::new(frame), since_ms, ready_ms: since_ms }
    }

    fn names(queue: &Queue) -> Vec<u64> {
        queue.first(usize::MAX).map(|(_, _, one)| one.frame.from.get()).collect()
    }

    #[test]
    fn the_oldest_of_the_lowest_priority_gives_way() {
        let mut queue = Queue::default();
        for (name, priority) in [(1, Priority::Low), (2, Priority::Low), (3, Priority::Critical)] {
            queue.push(waiting(name, priority, 0), 2, 300_000);
        }
        assert_eq!(names(&queue), [3, 2], "of two low ones and a high one, the first low one goes");
    }

    #[test]
    fn an_expired_frame_goes_before_the_lowest() {
        let mut queue = Queue::default();
        queue.push(waiting(1, Priority::Critical, 0), 2, 1_000);
        queue.push(waiting(2, Priority::Low, 900), 2, 1_000);
        assert!(matches!(queue.push(waiting(3, Priority::Low, 1_000), 2, 1_000), Overflow::Displaced(_)));
        assert_eq!(names(&queue), [1, 3], "1,000 ms are not too long");
        assert!(matches!(queue.push(waiting(4, Priority::Low, 1_001), 2, 1_000), Overflow::Expired(_)));
        assert_eq!(names(&queue), [3, 4]);
    }
}
