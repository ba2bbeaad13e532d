//! Frames leave the queue: when the law allows it, one at a time.

use std::sync::Arc as Shared;

use super::airtime::Modulation;
use super::event::RadioEvent;
use super::ledger::Ledger;
use super::message::{Content, Priority, RadioBody, RadioFrame};
use super::queue::{Overflow, WaitingFrame};
use super::region::{Law, LawBreach};
use super::{Audible, Radio, ms, set_timer, timer, us};
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::layer::Signal;

/// Airtime that the published queue charges for every frame, and the time after which it looks again.
const FLAT_MS: u64 = 1_000;
/// Waiting frames of one priority that are looked at for one that may go.
const WINDOW: usize = 16;
/// File with the airtime of the last hour.
const LEDGER_FILE: &str = "radio.ledger";

/// Choice of the next frame.
enum Next {
    /// This one goes now.
    Now(Priority, usize),
    /// None goes before this time, in ms from now.
    After(u64),
    /// None waits.
    Empty,
}

/// Latest frame that the law has refused: others of its length wait as long.
#[derive(Clone, Copy)]
struct Refused {
    priority: Priority,
    bytes: u32,
    wait_ms: u64,
}

impl Radio {
    /// Power of transmissions, in hundredths of a dBm: what the configuration states, up to what the law
    /// allows.
    pub(super) fn power(cx: &HostContext<'_>) -> i32 {
        let rules = &cx.config.radio;
        let law = Law::of(rules.region);
        let allowed = law.sub_band(frequency(cx, 0)).map_or(0, |one| law.limits(one).power_dbm);
        i32::try_from(100 * rules.power_dbm.min(allowed)).unwrap_or(0)
    }

    /// Queues a frame that goes no earlier than after a time in ms.
    pub(super) fn enqueue(&mut self, cx: &mut HostContext<'_>, frame: Shared<RadioFrame>, delay_ms: u64) {
        let rules = &cx.config.radio;
        let bytes = frame.bytes();
        let charged = charged_us(cx, bytes);
        let is_possible = Law::of(rules.region).check(frequency(cx, 0), charged).is_ok();
        if !is_possible {
            cx.report(RadioEvent::Forbidden);
            self.on_dropped(cx, &frame);
            return;
        }
        let now = ms(cx);
        let waiting = WaitingFrame { frame, bytes, since_ms: now, ready_ms: now + delay_ms };
        let (limit, ttl) = (rules.queue_max as usize, u64::from(rules.queue_ttl_ms));
        match self.queue.push(waiting, limit, ttl) {
            Overflow::None => {}
            Overflow::Expired(one) => {
                cx.report(RadioEvent::Expired);
                self.on_dropped(cx, &one.frame);
            }
            Overflow::Displaced(one) => {
                cx.report(RadioEvent::QueueFull);
                self.on_dropped(cx, &one.frame);
            }
        }
        self.pump(cx);
    }

    /// Sends the next frame if one may go, and sets the timer for the one after it.
    pub(super) fn pump(&mut self, cx: &mut HostContext<'_>) {
        let now = us(cx);
        if now < self.busy_until_us {
            set_timer(cx, timer::PUMP, 0, (self.busy_until_us - now).div_ceil(1_000));
            return;
        }
        self.expire(cx);
        let channels = cx.config.radio.channels;
        let channel = if channels > 1 { cx.rng.below(channels) } else { 0 };
        match self.choose(cx, channel) {
            Next::Empty => {}
            Next::After(wait_ms) => set_timer(cx, timer::PUMP, 0, wait_ms.max(1)),
            Next::Now(priority, index) => {
                if let Some(waiting) = self.queue.take(priority, index) {
                    self.transmit(cx, &waiting, channel);
                }
            }
        }
    }

    fn expire(&mut self, cx: &mut HostContext<'_>) {
        let (now, ttl) = (ms(cx), u64::from(cx.config.radio.queue_ttl_ms));
        while let Some(late) = self.queue.take_expired(now, ttl) {
            cx.report(RadioEvent::Expired);
            self.on_dropped(cx, &late.frame);
        }
    }

    /// The first frame that may go, in the order of priority. A frame that has to wait lets shorter ones of
    /// its own priority pass, but none of a lower one; the published queue looks at its first frame alone.
    fn choose(&mut self, cx: &HostContext<'_>, channel: u32) -> Next {
        let (now, now_us, hz) = (ms(cx), us(cx), frequency(cx, channel));
        let is_flat = cx.config.radio.flat_airtime;
        let window = if is_flat { 1 } else { WINDOW };
        let ledger = self.charged.as_mut().unwrap_or(&mut self.ledger);
        let mut soonest: Option<u64> = None;
        let mut refused: Option<Refused> = None;
        for (priority, index, waiting) in self.queue.first(window) {
            if refused.is_some_and(|one| one.priority < priority) {
                break;
            }
            let wait = if waiting.ready_ms > now {
                waiting.ready_ms - now
            } else {
                let bytes = waiting.bytes;
                let wait_ms = if let Some(one) = refused.filter(|one| one.bytes == bytes) {
                    one.wait_ms
                } else {
                    let charged_us = charged_us(cx, bytes);
                    match ledger.admit(now_us, hz, charged_us) {
                        Ok(_) => return Next::Now(priority, index),
                        Err(refusal) => wait_ms(cx, ledger, &refusal, charged_us, hz, now_us),
                    }
                };
                refused = Some(Refused { priority, bytes, wait_ms });
                wait_ms
            };
            let wait = if is_flat { FLAT_MS } else { wait };
            soonest = Some(soonest.map_or(wait, |least| least.min(wait)));
            if is_flat {
                break;
            }
        }
        soonest.map_or(Next::Empty, Next::After)
    }

    /// Whether a transmission of this length may begin now.
    pub(super) fn may_send(&mut self, cx: &HostContext<'_>, charged_us: u64) -> bool {
        let ledger = self.charged.as_mut().unwrap_or(&mut self.ledger);
        ledger.admit(us(cx), frequency(cx, 0), charged_us).is_ok()
    }

    /// Puts a frame on the air: every host in range hears it.
    fn transmit(&mut self, cx: &mut HostContext<'_>, waiting: &WaitingFrame, channel: u32) {
        let rules = &cx.config.radio;
        let airtime_us = Modulation::of(rules).airtime_us(waiting.bytes);
        let tick_us = 1_000 * u64::from(cx.config.time.tick_ms);
        let airtime = u32::try_from(airtime_us.div_ceil(tick_us)).unwrap_or(u32::MAX);
        let band = channel << 4 | rules.spreading;
        for Audible { address, strength } in &self.audible {
            let signal = Signal { airtime, band, strength: *strength };
            let frame = Shared::clone(&waiting.frame);
            cx.outbox.packets.push((*address, RadioBody::OnAir { frame, signal }.into()));
        }
        self.charge(cx, waiting.bytes, airtime_us, channel);
        cx.report(RadioEvent::Waited { wait_ms: ms(cx) - waiting.since_ms });
        if let Content::Fragment { again, .. } = waiting.frame.content {
            cx.report(if again { RadioEvent::FragmentRepeated } else { RadioEvent::FragmentSent });
        }
        let pause_ms = cx.rng.below(rules.gap_ms);
        let busy_us = u64::from(airtime) * tick_us + u64::from(pause_ms) * 1_000;
        self.busy_until_us = us(cx) + busy_us;
        let next_ms = if rules.flat_airtime { FLAT_MS.max(busy_us / 1_000) } else { busy_us / 1_000 };
        set_timer(cx, timer::PUMP, 0, next_ms);
        self.on_transmitted(cx, &waiting.frame, busy_us / 1_000);
    }

    /// Notes a transmission in the ledgers, and whether it broke the law.
    fn charge(&mut self, cx: &mut HostContext<'_>, bytes: u32, airtime_us: u64, channel: u32) {
        let (now, hz) = (us(cx), frequency(cx, channel));
        let law = Law::of(cx.config.radio.region);
        cx.report(RadioEvent::Transmitted { airtime_us });
        let Some(sub_band) = law.sub_band(hz) else {
            self.note_violation(cx);
            return;
        };
        self.ledger.note(now, sub_band, airtime_us);
        if law.check(hz, airtime_us).is_err() || self.ledger.is_exceeded(sub_band) {
            self.note_violation(cx);
        }
        if let Some(charged) = &mut self.charged {
            charged.note(now, sub_band, charged_us(cx, bytes));
        }
        let used = self.ledger.last_hour(sub_band);
        if used > self.peak {
            self.peak = used;
            cx.report(RadioEvent::DutyRose { millionths: used });
        }
        self.keep_ledger(cx, sub_band, airtime_us);
    }

    fn note_violation(&mut self, cx: &mut HostContext<'_>) {
        self.violations += 1;
        cx.report(RadioEvent::Violated);
    }

    /// Writes the airtime of the last hour down: a host that forgets it would break the law after a restart.
    fn keep_ledger(&self, cx: &mut HostContext<'_>, sub_band: usize, airtime_us: u64) {
        let law = Law::of(cx.config.radio.region);
        if cx.config.radio.ledger_lost || law.limits(sub_band).duty.is_none() {
            return;
        }
        let end = us(cx) + airtime_us;
        let sums = (0..law.sub_band_count()).flat_map(|one| self.ledger.counted_us(one).to_le_bytes());
        let content: Vec<u8> = end.to_le_bytes().into_iter().chain(sums).collect();
        // A full or read-only disk keeps the last record: the host then waits for less than it might have to.
        if cx.disk.write(LEDGER_FILE, &content).is_ok() && cx.disk.sync(LEDGER_FILE).is_ok() {
            cx.disk.sync_directory();
        }
    }

    /// Takes the airtime before a restart into account: all of it as if it had just ended.
    pub(super) fn restore_ledger(&mut self, cx: &HostContext<'_>) {
        if cx.config.radio.ledger_lost {
            return;
        }
        let numbers: Vec<u64> = cx.disk.read(LEDGER_FILE).map_or(Vec::new(), |content| {
            content.chunks_exact(8).map(|one| one.try_into().map_or(0, u64::from_le_bytes)).collect()
        });
        let [end, sums @ ..] = numbers.as_slice() else { return };
        for (sub_band, sum) in sums.iter().enumerate().filter(|(_, sum)| **sum > 0) {
            self.ledger.note(end.saturating_sub(*sum), sub_band, *sum);
            if let Some(charged) = &mut self.charged {
                charged.note(end.saturating_sub(*sum), sub_band, *sum);
            }
        }
    }
}

/// Frequency of a channel, in Hz.
fn frequency(cx: &HostContext<'_>, channel: u32) -> u32 {
    let rules = &cx.config.radio;
    let first = rules.frequency_khz.map(|khz| khz.get().saturating_mul(1_000));
    Law::of(rules.region).channel(first, channel)
}

/// Airtime that a host charges for a frame of this length, in µs.
pub(super) fn charged_us(cx: &HostContext<'_>, bytes: u32) -> u64 {
    let rules = &cx.config.radio;
    let modulation = Modulation::of(rules);
    match (rules.flat_airtime, rules.airtime_in_seconds) {
        (true, _) => FLAT_MS * 1_000,
        (false, true) => modulation.published_airtime_us(bytes),
        (false, false) => modulation.airtime_us(bytes),
    }
}

/// Time that a refused frame waits, in ms.
fn wait_ms(
    cx: &HostContext<'_>,
    ledger: &Ledger,
    refusal: &LawBreach,
    airtime_us: u64,
    hz: u32,
    now_us: u64,
) -> u64 {
    let law = Law::of(cx.config.radio.region);
    let wait_us = match refusal {
        LawBreach::Duty { wait_us: Some(wait_us) } if !cx.config.radio.short_wait => *wait_us,
        LawBreach::Duty { wait_us: Some(_) } => {
            let sub_band = law.sub_band(hz).unwrap_or(0);
            let used = ledger.used_us(now_us, sub_band) + airtime_us;
            used.saturating_sub(law.limits(sub_band).budget_us())
        }
        // Such a frame is not queued: only a change of the rules makes one wait here until it expires.
        _ => u64::from(cx.config.radio.queue_ttl_ms) * 1_000,
    };
    wait_us.div_ceil(1_000)
}

/// Time on the air of the longest frame, in ms, and what the duty cycle makes of it: the mean distance of two
/// such frames of a host that has used its hour up.
pub(super) fn spacing_ms(cx: &HostContext<'_>) -> (u64, u64) {
    let rules = &cx.config.radio;
    let law = Law::of(rules.region);
    let airtime = Modulation::of(rules).airtime_us(super::frame::FRAME_BYTES).div_ceil(1_000);
    let duty = law.sub_band(frequency(cx, 0)).and_then(|one| law.limits(one).duty);
    let spacing = duty.map_or(airtime, |duty| airtime * 1_000_000 / u64::from(duty.millionths().max(1)));
    (airtime, spacing)
}

/// Address of the host with an index, if it is a gateway other than this one.
pub(super) fn other_gateways(cx: &HostContext<'_>) -> Vec<Address> {
    let own = cx.address.plan_index();
    let count = cx.config.radio.gateways;
    if own >= count {
        return Vec::new();
    }
    (0..count).filter(|index| *index != own).map(Address::planned).collect()
}
