// How a large world leaves a tab: `node large.mjs [scenario.json...]` after `cargo xtask build`. A line of JSON for each
// scenario: for each step, how long it took, the longest silence of the worker, the size of the module's memory, and how the
// page drew meanwhile. Nothing is judged: a machine that compiles beside is slower.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { openLab } from "./lib/lab.mjs";

const folder = fileURLToPath(new URL("../../scenarios/scale/", import.meta.url));
const files = process.argv.length > 2 ? process.argv.slice(2) : ["ten-thousand", "hundred-thousand"].map((name) => `${folder}${name}.json`);
/** Milliseconds that each step may take. */
const PATIENCE = 600_000;
/** Whether to say which calls of the module take long. */
const TIMES = process.env.TIMES !== undefined;

const lab = await openLab();
for (const file of files) console.log(JSON.stringify({ bench: "large", scenario: basename(file), ...(await measure(JSON.parse(await readFile(file, "utf8")))) }));
await lab.close();

async function measure(scenario) {
  const visit = await lab.visit("", {}, async (page) => {
    await page.addInitScript(watchPage);
    await page.route("**/worker-*.js", watchMemory);
  });
  visit.page.setDefaultTimeout(PATIENCE);
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
  await visit.page.context().close();
  return { opening, naming, running: { ...running, rounds: at }, pausing, shape, fingerprint, complaints: visit.complaints };
}

/** What happened on the page while something was done. */
async function during(visit, work) {
  await visit.page.evaluate(() => window.seen.restart());
  const begun = performance.now();
  await work();
  const seconds = Math.round((performance.now() - begun) / 10) / 100;
  return { seconds, ...(await visit.page.evaluate(() => window.seen.tell())) };
}

/** Runs before the page: intervals between its frames, its longest task, silences of the worker, its memory. */
function watchPage() {
  const seen = { intervals: [], longest: 0, heard: 0, silence: 0, megabytes: 0 };
  const now = () => performance.now();
  seen.restart = () => Object.assign(seen, { intervals: [], longest: 0, silence: 0, heard: now() });
  seen.tell = () => {
    const sorted = seen.intervals.toSorted((a, b) => a - b);
    const at = (share) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
    return {
      silenceMs: Math.round(seen.silence), memoryMB: seen.megabytes, longestTaskMs: Math.round(seen.longest),
      frameMedianMs: at(0.5), frameP95Ms: at(0.95), frameLongestMs: at(1),
    };
  };
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (seen.longest = Math.max(seen.longest, duration)))).observe({ type: "longtask" });
  let last = now();
  const beat = () => {
    seen.intervals.push(now() - last);
    last = now();
    requestAnimationFrame(beat);
  };
  requestAnimationFrame(beat);
  const listening = Object.getOwnPropertyDescriptor(Worker.prototype, "onmessage");
  Object.defineProperty(Worker.prototype, "onmessage", {
    set(listener) {
      listening.set.call(this, (event) => {
        seen.silence = Math.max(seen.silence, now() - seen.heard);
        seen.heard = now();
        if (typeof event.data.bytes === "number") seen.megabytes = Math.round(event.data.bytes / 1e6);
        else listener(event);
      });
    },
  });
  window.seen = seen;
}

/** Have the worker tell how large its memory is, as often as it can listen: every few milliseconds. */
async function watchMemory(route) {
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
