// Properties are checked while a run plays, violations lead to their tick, and time runs both ways.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

const SMALL = { preset: "lifecycle", seed: 5, rounds: 5000 };
const SUMMARY = "[data-invariants]";

/** Page with the small run, paused at a round. */
async function small(round, before) {
  const visit = await lab.visit("", {}, before);
  await visit.ready();
  await visit.open(SMALL);
  await visit.page.waitForSelector('[data-seed="5"]');
  // Not at full speed, at which the run can end before it is paused.
  await visit.press("7");
  await visit.round(round);
  await visit.pause();
  return visit;
}

test("properties are summarised beside the ring, and listed with a word each", async () => {
  const visit = await small(60);
  await visit.page.waitForSelector('[data-invariants="good"]');
  const text = await visit.page.textContent(SUMMARY);
  assert.match(text, /Invariants: \d+ hold/);
  await visit.page.click(SUMMARY);
  const words = (kind) => visit.page.locator(`[aria-label="${kind}"] .properties b`).allTextContents();
  assert.deepEqual(new Set(await words("Always")), new Set(["holds"]));
  assert.equal((await words("Always")).length, Number(/\d+/.exec(text)[0]));
  assert.ok((await words("Sometimes")).includes("seen") && (await words("Sometimes")).includes("not yet"));
  assert.equal((await words("Eventually")).length, 6);
  await visit.leave();
});

test("checks run at every tick, or never, or once on demand", async () => {
  const visit = await small(10);
  await visit.page.click("#tab-invariants");
  await visit.page.click('label:has(input[value="ticks"])');
  const begun = await visit.tick();
  await visit.press(" ");
  await visit.round(begun + 20);
  await visit.pause();
  await visit.until("[data-inspected]", "data-inspected", "===", await visit.tick());
  const checks = await visit.number(SUMMARY, "data-checks");
  assert.ok(checks >= (await visit.tick()) - begun, `${checks} checks from tick ${begun} to ${await visit.tick()}`);
  await visit.page.click('label:has(input[value="off"])');
  await visit.page.waitForSelector('[data-invariants="none"]');
  await visit.click("Check now");
  await visit.page.waitForSelector('[data-invariants="good"]');
  await visit.leave();
});

test("a liveness property is awaited after a crash, with the reason", async () => {
  const visit = await small(60);
  await visit.page.click("#tab-invariants");
  await visit.page.waitForSelector('[data-property="no-stale-connections"][data-state="holds"]');
  await visit.page.focus("canvas.ring");
  await visit.press("ArrowRight");
  await visit.press("Enter");
  await visit.click("Crash", ".inspector");
  const row = visit.page.locator('[data-property="no-stale-connections"][data-state="awaited"]');
  assert.match(await row.textContent(), /awaited.*Connected with one that does not run/);
  const marked = await visit.pixels();
  await row.getByRole("button").click();
  await visit.page.waitForFunction((old) => document.querySelector("canvas.ring").toDataURL() !== old, marked);
  assert.equal(await row.getByRole("button").getAttribute("aria-pressed"), "true");
  await visit.leave();
});

test("a violation is announced, leads to its tick and its peers, and has a link", async () => {
  const visit = await small(60, (page) => page.route("**/worker-*.js", violate));
  await visit.page.waitForSelector('[data-invariants="bad"]');
  await visit.text(".toast", /Tick 25: messages-balance is violated/);
  await visit.count(".violation-mark", 1);
  await visit.page.click(SUMMARY);
  await visit.click("Go to tick 25");
  await visit.until("[data-tick]", "data-tick", "===", 25);
  await visit.mode("paused");
  await visit.click("Copy a link to it");
  await visit.page.waitForSelector("text=Link copied.");
  const link = await visit.page.evaluate(() => navigator.clipboard.readText());
  await visit.leave();
  const other = await lab.visit(new URL(link).hash);
  await other.page.waitForSelector(".verdict.reproduced");
  await other.until("[data-tick]", "data-tick", "===", 25);
  await other.leave();
});

/** Makes the worker report a violation in the form of the core, since no run of the protocol has one. */
async function violate(route) {
  const response = await route.fetch();
  const trap = `
    const post = self.postMessage.bind(self);
    self.postMessage = (message, transfer) => {
      const seen = message.report?.inspection;
      if (seen?.tick >= 25) {
        const wrong = { state: "violated", tick: 25, peers: ["0000000000000001"], text: "9 were sent, and the fate of 8 is known" };
        seen.states = seen.states.map((state) => (state.id === "messages-balance" ? { ...state, ...wrong } : state));
      }
      post(message, transfer);
    };`;
  await route.fulfill({ response, body: trap + (await response.text()) });
}

test("a run goes back to any tick, and continues as before", async () => {
  const visit = await small(40);
  const states = new Map();
  const note = async () => states.set(await visit.tick(), await visit.fingerprint());
  await note();
  for (const tick of [31, 7, 0, 20]) {
    await scrub(visit, tick);
    await note();
  }
  assert.equal(new Set(states.values()).size, states.size, "every tick has a different state");
  for (const [tick, fingerprint] of states) {
    await scrub(visit, tick);
    assert.equal(await visit.fingerprint(), fingerprint, `tick ${tick}`);
  }
  const here = await visit.tick();
  await visit.press(",");
  await visit.until("[data-tick]", "data-tick", "===", here - 1);
  await visit.leave();
});

test("commands are repeated at their ticks, and one that is given in the past changes the run", async () => {
  const visit = await small(50);
  const given = await visit.tick();
  await visit.page.click("#tab-commands");
  await visit.click("Cut the ring");
  await visit.page.waitForSelector("[data-barriers]");
  await visit.press("Shift+.");
  await visit.until("[data-tick]", "data-tick", "===", given + 1);
  const after = await visit.fingerprint();
  await scrub(visit, given - 10);
  await visit.page.waitForSelector("[data-barriers]", { state: "detached" });
  await scrub(visit, given + 1);
  await visit.page.waitForSelector("[data-barriers]");
  assert.equal(await visit.fingerprint(), after);
  await scrub(visit, given - 10);
  await visit.click("Join");
  await visit.page.waitForFunction(() => document.querySelector(".log")?.getAttribute("data-entries") === "2");
  await scrub(visit, given + 1);
  assert.notEqual(await visit.fingerprint(), after);
  await visit.leave();
});

/** Moves the time scale to a tick. */
async function scrub(visit, tick) {
  await visit.page.locator(".scrub").fill(String(tick));
  await visit.until("[data-tick]", "data-tick", "===", tick);
  await visit.rest();
}
