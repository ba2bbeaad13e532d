// Control of a run by buttons, knobs and keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

const CUT = '[data-count="cut"]';

test("a partition drops messages until it is healed", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.press("7");
  await visit.round(8);
  await visit.page.click("#tab-commands");
  await visit.click("Cut the ring");
  await visit.page.click("#tab-measure");
  await visit.until(CUT, "data-value", ">", 20);
  await visit.page.click("#tab-commands");
  await visit.click("Heal");
  await visit.pause();
  await visit.page.waitForSelector('.log[data-entries="2"]');
  await visit.page.click("#tab-measure");
  const healed = await visit.number(CUT, "data-value");
  const round = await visit.number("[data-round]", "data-round");
  for (let i = 0; i < 3; i += 1) await visit.press("Shift+.");
  await visit.round(round + 3);
  await visit.rest();
  assert.equal(await visit.number(CUT, "data-value"), healed, "no message is cut on a healed ring");
  await visit.leave();
});

test("a selected peer crashes and returns", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.page.focus("canvas.ring");
  await visit.press("ArrowRight");
  await visit.press("Enter");
  await visit.click("Crash", ".inspector");
  await visit.until('[data-count="crashed"]', "data-value", "===", 1);
  await visit.click("Return", ".inspector");
  await visit.until('[data-count="crashed"]', "data-value", "===", 0);
  await visit.leave();
});

test("peers join", async () => {
  const visit = await lab.visit();
  await visit.ready();
  const before = await visit.number('[data-count="running"]', "data-value");
  await visit.page.click("#tab-commands");
  await visit.page.fill('.panels input[type="number"] >> nth=0', "5");
  await visit.click("Join");
  await visit.until('[data-count="running"]', "data-value", "===", before + 5);
  await visit.leave();
});

test("a knob that cannot change while running takes effect at the next restart", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.pause();
  await visit.page.click("#tab-knobs");
  const peers = '[data-knob="genesis.peers"] input[type="number"]';
  await visit.page.fill(peers, "12");
  await visit.page.press(peers, "Enter");
  await visit.click("Restart with 1 change");
  await visit.until('[data-count="running"]', "data-value", "===", 12);
  await visit.leave();
});

test("a change of a live knob is a command with a tick", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.pause();
  const tick = await visit.tick();
  await visit.page.click("#tab-commands");
  await visit.page.fill('[data-knob="network.loss"] input[type="range"]', "0.5");
  const entry = visit.page.locator(".log li").first();
  await entry.waitFor();
  assert.equal(await entry.textContent(), `tick ${tick}network.loss = 0.5`);
  await visit.leave();
});

test("knobs are found, marked if they differ from the preset, and reset", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.pause();
  await visit.page.click("#tab-knobs");
  await visit.page.fill('input[type="search"]', "latency");
  await visit.page.locator(".sections [data-knob]").nth(3).waitFor();
  await visit.page.fill('.sections [data-knob="network.latency_far"] input', "7");
  await visit.page.press('.sections [data-knob="network.latency_far"] input', "Enter");
  await visit.page.fill('input[type="search"]', "");
  await visit.page.waitForSelector('[data-changed="1"]');
  await visit.text('[data-section="network"] .badge', /^1$/);
  await visit.count(".section[open]", 0);
  await visit.page.click(".changed-knobs summary");
  await visit.click("Reset all");
  await visit.page.waitForSelector("[data-changed]", { state: "detached" });
  await visit.leave();
});

test("a run can be controlled by keyboard alone", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.mode("playing");
  await visit.press(" ");
  await visit.mode("paused");
  const tick = await visit.tick();
  await visit.press(".");
  await visit.until("[data-tick]", "data-tick", ">", tick);
  await visit.page.evaluate(() => document.body.focus());
  for (let tabs = 0; tabs < 12; tabs += 1) {
    await visit.press("Tab");
    if (await visit.page.evaluate(() => document.activeElement?.classList.contains("ring"))) break;
  }
  assert.ok(await visit.page.evaluate(() => document.activeElement?.classList.contains("ring")), "Tab reaches the ring");
  await visit.press("ArrowRight");
  const tip = visit.page.locator(".tip code");
  const first = await tip.textContent();
  await visit.press("ArrowRight");
  await visit.page.waitForFunction((old) => document.querySelector(".tip code")?.textContent !== old, first);
  const second = await tip.textContent();
  assert.ok(second > first, "the arrow moves clockwise, by ascending id");
  await visit.press("Enter");
  await visit.page.waitForSelector(`.inspector[data-peer="${second}"]`);
  await visit.press("Escape");
  await visit.page.waitForSelector(".inspector", { state: "detached" });
  await visit.page.evaluate(() => document.querySelector(".scrub").focus());
  await visit.press("Shift+Tab");
  await visit.press("Tab");
  assert.ok(await visit.page.evaluate(() => document.activeElement?.classList.contains("scrub")));
  for (const mode of ["playing", "paused"]) {
    await visit.press(" ");
    await visit.mode(mode);
  }
  await visit.press("?");
  await visit.page.waitForSelector("dialog[open]");
  await visit.press("Escape");
  await visit.page.waitForSelector("dialog[open]", { state: "hidden" });
  await visit.press("r");
  await visit.until("[data-tick]", "data-tick", "===", 0);
  await visit.leave();
});

/** Runs in the page, which then takes one message of its worker every 300 ms. */
function takeMessagesSlowly() {
  const { set } = Object.getOwnPropertyDescriptor(Worker.prototype, "onmessage");
  let free = 0;
  Object.defineProperty(Worker.prototype, "onmessage", {
    set(listener) {
      set.call(this, (event) => {
        free = Math.max(free, performance.now()) + 300;
        setTimeout(() => listener.call(this, event), free - performance.now());
      });
    },
  });
}

test("a report of the time before does not undo a press of the key", async () => {
  const visit = await lab.visit("", { reducedMotion: "reduce" }, (page) => page.addInitScript(takeMessagesSlowly));
  await visit.ready();
  const start = await visit.fingerprint();
  await visit.press(".");
  await visit.press(" ");
  // The run rests in the report of the step, which arrives while the page plays.
  await visit.page.waitForFunction((old) => !["", old].includes(document.querySelector("[data-fingerprint]").dataset.fingerprint), start);
  await visit.press(" ");
  await visit.press("s");
  await visit.page.waitForSelector("text=Link copied");
  await visit.rest();
  await visit.leave();
});

test("shortcuts are off while typing", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.pause();
  const tick = await visit.tick();
  await visit.page.click("#tab-knobs");
  await visit.page.fill('input[type="search"]', "");
  await visit.page.type('input[type="search"]', "n. r");
  assert.equal(await visit.page.inputValue('input[type="search"]'), "n. r");
  assert.equal(await visit.tick(), tick);
  assert.equal(await visit.page.getAttribute("[data-mode]", "data-mode"), "paused");
  await visit.leave();
});

test("another random seed gives another run, and a restart the same one", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.pause();
  const at = async (round) => {
    await visit.press("r");
    await visit.until("[data-tick]", "data-tick", "===", 0);
    for (let i = 1; i <= round; i += 1) {
      await visit.press("Shift+.");
      await visit.round(i);
    }
    return visit.fingerprint();
  };
  const first = await at(6);
  assert.equal(await at(6), first);
  await visit.page.click("#tab-run");
  const seed = await visit.page.textContent("[data-seed]");
  await visit.press("n");
  await visit.page.waitForFunction((old) => document.querySelector("[data-seed]").textContent !== old, seed);
  assert.notEqual(await at(6), first);
  await visit.leave();
});
