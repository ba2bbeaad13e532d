// Benchmark of drawing, and of the page while a large world runs: `npm run bench [-- peers...]` after
// `cargo xtask build`. Prints a line of JSON per size and judges nothing: figures depend on the load of the
// machine.
import { openLab } from "./lib/lab.mjs";

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000, 10_000, 100_000];
/** Duration of the measurement per size in milliseconds. */
const DURATION_MS = 6_000;
/** Maximum size of worlds that are run as well as drawn. */
const LARGEST_RUN = Number(process.env.LARGEST_RUN ?? 10_000);
const SCENARIO = (peers) => ({
  preset: "improved", seed: 1, rounds: 100_000,
  set: { genesis: { peers, topology: "random" }, tokens: { total: Math.max(100_000, 10 * peers) } },
});

const lab = await openLab();
for (const peers of SIZES) console.log(JSON.stringify({ bench: "draw", peers, ...(await measure((page) => page.route("**/worker-*.js", crowd(peers)), start)) }));
for (const peers of SIZES.filter((size) => size <= LARGEST_RUN)) {
  console.log(JSON.stringify({ bench: "run", peers, ...(await measure(() => {}, (visit) => run(visit, peers))) }));
}
await lab.close();

/** Starts a small run at unlimited speed, so that every drawing has a new frame. */
async function start(visit) {
  await visit.open({ preset: "improved", seed: 1, rounds: 1_000_000 });
  await visit.page.waitForSelector('[data-seed="1"]');
  await visit.press("8");
  await visit.round(2);
}

async function run(visit, peers) {
  await visit.open(SCENARIO(peers));
  await visit.until('[data-count="running"]', "data-value", "===", peers);
  await visit.press("8");
  await visit.round(1);
}

async function measure(before, begin) {
  const visit = await lab.visit("", {}, async (page) => {
    await page.addInitScript(countFrames);
    await before(page);
  });
  visit.page.setDefaultTimeout(300_000);
  await visit.ready();
  await begin(visit);
  const from = await visit.tick();
  const figures = await visit.page.evaluate(measureFrames, DURATION_MS);
  const ticks = (await visit.tick()) - from;
  await visit.page.context().close();
  return { ...figures, ticksPerSecond: round((ticks * 1000) / DURATION_MS), complaints: visit.complaints.length };
}

/**
 * Runs before the page: times the receipt of frames, and the drawings that acknowledge them to the worker.
 */
function countFrames() {
  window.taken = [];
  window.drawn = [];
  let fresh = false;
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    fresh ||= message?.type === "frameAck";
    return post.call(this, message, ...rest);
  };
  const listening = Object.getOwnPropertyDescriptor(Worker.prototype, "onmessage");
  Object.defineProperty(Worker.prototype, "onmessage", {
    set(listener) {
      listening.set.call(this, (event) => {
        const begun = performance.now();
        // Reading the data deserialises it.
        const isFrame = event.data.type === "frame";
        listener(event);
        if (isFrame) window.taken.push(performance.now() - begun);
      });
    },
  });
  const request = window.requestAnimationFrame;
  window.requestAnimationFrame = (draw) => request((now) => {
    const begun = performance.now();
    fresh = false;
    draw(now);
    if (fresh) window.drawn.push(performance.now() - begun);
  });
}

/** Runs in the page: intervals between animation frames, long tasks, times of frames of the worker. */
async function measureFrames(span) {
  const tasks = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)));
  observer.observe({ type: "longtask" });
  const intervals = [];
  window.taken = [];
  window.drawn = [];
  const begun = performance.now();
  let last = begun;
  while (last - begun < span) {
    const now = await new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
    intervals.push(now - last);
    last = now;
  }
  observer.disconnect();
  const at = (times, share) => {
    const sorted = times.toSorted((a, b) => a - b);
    return Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
  };
  return {
    frameMedianMs: at(intervals, 0.5), frameP95Ms: at(intervals, 0.95), takeMedianMs: at(window.taken, 0.5),
    drawMedianMs: at(window.drawn, 0.5), drawP95Ms: at(window.drawn, 0.95), longTasks: tasks.length,
    longestTaskMs: Math.round(Math.max(0, ...tasks)),
    picturesPerSecond: Math.round((window.drawn.length * 10_000) / (last - begun)) / 10,
  };
}

/** Puts this number of peers into every frame, in states that change from one frame to the next. */
function crowd(peers) {
  return async (route) => {
    const response = await route.fetch();
    const trap = `{
      const post = self.postMessage.bind(self);
      const n = ${peers};
      const ids = BigUint64Array.from({ length: n }, (_, i) => (BigInt(i) << 64n) / BigInt(n));
      const turns = Float32Array.from({ length: n }, (_, i) => i / n);
      const moments = [0, 1, 2, 3].map((moment) => {
        const of = (make) => Uint8Array.from({ length: n }, (_, i) => make((i * 2654435761 + moment * (i % 7)) >>> 8));
        return {
          status: of((x) => (x % 16 < 12 ? 3 : x % 5)), behavior: of((x) => (x % 997 === 0 ? 1 : 0)),
          connected: Uint16Array.from(of((x) => 8 + (x % 24))),
        };
      });
      let beat = 0;
      self.postMessage = (message, transfer) => {
        if (!message.update) return post(message, transfer);
        const { frame } = message.update;
        beat += 1;
        frame.peerId = ids.slice();
        frame.position = turns.slice();
        frame.status = moments[beat % 4].status.slice();
        frame.behavior = moments[beat % 4].behavior.slice();
        frame.connected = moments[beat % 4].connected.slice();
        post(message, [frame.peerId, frame.position, frame.status, frame.behavior, frame.connected].map((array) => array.buffer));
      };
    }`;
    await route.fulfill({ response, body: trap + (await response.text()) });
  };
}

function round(value) {
  return Math.round(value * 10) / 10;
}
