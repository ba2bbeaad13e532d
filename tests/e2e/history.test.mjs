// Nothing that a user did is lost silently: commands can be undone, and Back returns to the run before.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

/** Paused run with one command, and its fingerprint. */
async function runWithCommand() {
  const visit = await lab.visit();
  await visit.ready();
  await visit.open({ preset: "lifecycle", seed: 5, rounds: 5000 });
  await visit.page.waitForSelector('[data-seed="5"]');
  await visit.press("8");
  await visit.round(20);
  await visit.pause();
  await visit.page.click("#tab-commands");
  await visit.click("Crash", ".panels");
  await visit.page.waitForSelector('.log[data-entries="1"]');
  await visit.rest();
  return { visit, tick: await visit.tick(), fingerprint: await visit.fingerprint() };
}

const entries = (visit, count) => visit.page.waitForSelector(count === 0 ? ".panels :text('No command has been given yet.')" : `.log[data-entries="${count}"]`);
const hash = (visit) => new URL(visit.page.url()).hash;

/** Waits for the run to be what it was. */
async function restored(visit, { tick, fingerprint }) {
  await entries(visit, 1);
  await visit.until("[data-tick]", "data-tick", "===", tick);
  await visit.page.waitForSelector(`[data-fingerprint="${fingerprint}"]`);
}

for (const [what, act] of [
  ["a restart", (visit) => visit.press("r")],
  ["a new seed", (visit) => visit.press("n")],
  ["another example", (visit) => visit.page.locator(".preset select").selectOption("example:bootstrap-star")],
]) {
  test(`${what} offers the commands back, by Undo and by Back`, async () => {
    const run = await runWithCommand();
    const { visit } = run;
    await visit.page.evaluate(() => document.activeElement?.blur());
    for (const back of [() => visit.click("Undo"), () => visit.page.goBack()]) {
      await act(visit);
      await visit.page.waitForSelector("text=1 command of yours");
      // Back leaves an entry only if the new run has one: the offer appears before it is made.
      await entries(visit, 0);
      await back();
      await restored(visit, run);
      await visit.page.evaluate(() => document.activeElement?.blur());
    }
    await visit.leave();
  });
}

test("a command in the past says what it drops, and can be undone", async () => {
  const run = await runWithCommand();
  const { visit } = run;
  await visit.page.evaluate(() => document.activeElement?.blur());
  await visit.press(",");
  await visit.page.waitForFunction((tick) => Number(document.querySelector("[data-tick]").dataset.tick) < tick, run.tick);
  await visit.mode("paused");
  const past = await visit.tick();
  await visit.click("Cut the ring");
  await visit.page.waitForSelector(`text=The run changes from tick ${past.toLocaleString("en")} on`);
  await entries(visit, 2);
  await visit.click("Undo");
  await entries(visit, 1);
  await visit.until("[data-tick]", "data-tick", "===", past);
  await visit.leave();
});

test("after a command the address, the badge and the world agree, and Back returns to the link", async () => {
  const { visit, fingerprint } = await runWithCommand();
  await visit.press("s");
  await visit.page.waitForSelector("text=Link copied");
  const link = hash(visit);
  await visit.leave();
  const other = await lab.visit(link);
  await other.page.waitForSelector('[data-verdict="reproduced"]');
  await other.page.click("#tab-commands");
  await other.click("Cut the ring");
  await other.page.waitForSelector("text=no longer that of the link");
  await other.page.waitForSelector("[data-verdict]", { state: "detached" });
  assert.equal(hash(other), "");
  await other.page.goBack();
  await other.page.waitForSelector('[data-verdict="reproduced"]');
  assert.equal(hash(other), link);
  await other.page.waitForSelector(`[data-fingerprint="${fingerprint}"]`);
  await other.page.locator(".preset select").selectOption("improved");
  await other.page.waitForSelector("[data-verdict]", { state: "detached" });
  assert.equal(hash(other), "");
  await other.page.goBack();
  await other.page.waitForSelector('[data-verdict="reproduced"]');
  assert.equal(hash(other), link);
  await other.leave();
});

test("a link that cannot be opened leaves the address of the run that is kept", async () => {
  const { visit } = await runWithCommand();
  await visit.page.evaluate(() => (location.hash = "#s=1.broken"));
  await visit.page.waitForSelector('[data-error="problems"]');
  await visit.click("Keep the present run");
  assert.equal(hash(visit), "");
  await visit.leave();
});

test("a reload returns to a run that was never shared", async () => {
  const run = await runWithCommand();
  const { visit } = run;
  await visit.page.reload();
  await visit.ready();
  await visit.page.click("#tab-commands");
  await restored(visit, run);
  await visit.leave();
});
