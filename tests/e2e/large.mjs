// Benchmark of large worlds in a tab: `node large.mjs [scenario.json...]` after `cargo xtask build`. Prints
// a line of JSON per scenario and judges nothing: for each step its duration, the longest silence of the
// worker, the size of the memory of the module, and the frame times of the page.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { openLab } from "./lib/lab.mjs";

const folder = fileURLToPath(new URL("../../scenarios/scale/", import.meta.url));
const files = process.argv.length > 2 ? process.argv.slice(2) : ["ten-thousand", "hundred-thousand"].map((name) => `${folder}${name}.json`);
/** Timeout of each step in milliseconds. */
const TIMEOUT_MS = 600_000;
/** Whether to print the calls of the module that take long. */
const TIMES = process.env.TIMES !== undefined;

const lab = await openLab();
for (const file of files) console.log(JSON.stringify({ bench: "large", scenario: basename(file), ...(await measure(JSON.parse(await readFile(file, "utf8")))) }));
await lab.close();

async function measure(scenario) {
  const visit = await lab.visit("", {}, async (page) => {
    await page.addInitScript(observePage);
    await page.route("**/worker-*.js", reportMemory);
  });
  visit.page.setDefaultTimeout(TIMEOUT_MS);
  if (TIMES) visit.page.on("console", (message) => console.error(message.text()));
  await visit.ready();
  await visit.pause();
  const { peers } = scenario.set.genesis;
  const opening = await during(visit, async () => {
    await visit.open(scenario);
    await visit.until('[data-count="running"]', "data-value", "===", peers);
  });
  const naming = await during(visit, () => visit.page.waitForSelector('[data-fingerprint]:not([data-fingerprint=""])'));
  const running = await during(visit, async () => {
    await visit.press("8");
    await visit.press(" ");
    await visit.round(scenario.rounds);
  });
  const pausing = await during(visit, () => visit.pause());
  const fingerprint = await visit.fingerprint();
  const at = await visit.number("[data-round]", "data-round");
  const shape = await during(visit, async () => {
    await visit.page.click("#tab-measure");
    await visit.page.evaluate(() => [...document.querySelectorAll("summary, button")].find((e) => /shape/i.test(e.textContent))?.click());
    await visit.press(".");
    await visit.round(at + 1);
  });
  const using = await during(visit, () => useEveryPanel(visit));
  await visit.page.context().close();
  return { opening, naming, running: { ...running, rounds: at }, pausing, shape, using, fingerprint, complaints: visit.complaints };
}

/** Opens each panel twice while the world runs and a click on the ring picks a peer; then goes back in time. */
async function useEveryPanel(visit) {
  const tabs = await visit.page.$$eval("[role=tab]", (found) => found.map(({ id }) => id));
  const { width, height } = await visit.page.locator("canvas.ring").boundingBox();
  await visit.press(" ");
  for (const [turn, tab] of [...tabs, ...tabs].entries()) {
    await visit.page.click(`#${tab}`);
    const angle = (turn / tabs.length) * Math.PI;
    const position = { x: width / 2 + 0.4 * width * Math.sin(angle), y: height / 2 - 0.4 * height * Math.cos(angle) };
    await visit.page.locator("canvas.ring").click({ position, force: true });
    const seen = await visit.tick();
    await visit.until("[data-tick]", "data-tick", ">", seen);
  }
  await visit.pause();
  await visit.page.fill("input.scrub", "0");
  await visit.until("[data-tick]", "data-tick", "===", 0);
}

/** Measurements of the page during a piece of work. */
async function during(visit, work) {
  await visit.page.evaluate(() => window.observed.restart());
  const begun = performance.now();
  await work();
  const seconds = Math.round((performance.now() - begun) / 10) / 100;
  return { seconds, ...(await visit.page.evaluate(() => window.observed.tell())) };
}

/**
 * Runs before the page: intervals of animation frames, longest task, longest silence of the worker, memory.
 */
function observePage() {
  const observed = { intervals: [], longest: 0, heard: 0, silence: 0, megabytes: 0 };
  const now = () => performance.now();
  observed.restart = () => Object.assign(observed, { intervals: [], longest: 0, silence: 0, heard: now() });
  observed.tell = () => {
    const sorted = observed.intervals.toSorted((a, b) => a - b);
    const at = (share) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
    return {
      silenceMs: Math.round(observed.silence), memoryMB: observed.megabytes, longestTaskMs: Math.round(observed.longest),
      frameMedianMs: at(0.5), frameP95Ms: at(0.95), frameLongestMs: at(1),
    };
  };
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (observed.longest = Math.max(observed.longest, duration)))).observe({ type: "longtask" });
  let last = now();
  const beat = () => {
    observed.intervals.push(now() - last);
    last = now();
    requestAnimationFrame(beat);
  };
  requestAnimationFrame(beat);
  const listening = Object.getOwnPropertyDescriptor(Worker.prototype, "onmessage");
  Object.defineProperty(Worker.prototype, "onmessage", {
    set(listener) {
      listening.set.call(this, (event) => {
        observed.silence = Math.max(observed.silence, now() - observed.heard);
        observed.heard = now();
        if (typeof event.data.bytes === "number") observed.megabytes = Math.round(event.data.bytes / 1e6);
        else listener(event);
      });
    },
  });
  window.observed = observed;
}

/** Makes the worker report the size of its memory every 10 ms, as far as its loop permits. */
async function reportMemory(route) {
  const response = await route.fetch();
  const trap = `{
    const start = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...input) => {
      const { module, instance } = await start(...input);
      setInterval(() => self.postMessage({ type: "memory", bytes: instance.exports.memory.buffer.byteLength }), 10);
      const exports = { ...instance.exports };
      const timed = (name, call) => (...input) => {
        const begun = performance.now();
        const result = call(...input);
        const took = performance.now() - begun;
        if (took > 150) console.info(name, Math.round(took), "ms");
        return result;
      };
      for (const [name, call] of Object.entries(exports)) {
        if (${TIMES} && typeof call === "function") exports[name] = timed(name, call);
      }
      return { module, instance: { exports } };
    };
  }`;
  await route.fulfill({ response, body: trap + (await response.text()) });
}
