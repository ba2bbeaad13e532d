// A large world: work that takes long says so after 0.3 s, and can be cancelled. Going ahead makes the same run.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

const LARGE = { preset: "improved", seed: 1, rounds: 1000, set: { genesis: { peers: 20_000, topology: "random" }, tokens: { total: 200_000 } } };

async function large() {
  const visit = await lab.visit();
  await visit.ready();
  await visit.pause();
  await visit.open(LARGE);
  await visit.until('[data-count="running"]', "data-value", "===", LARGE.set.genesis.peers);
  return visit;
}

test("a link that takes long says so, can be cancelled, and is made after all", async () => {
  const visit = await large();
  // The step discards the fingerprint of the first tick. A held worker makes no link before it is cancelled.
  const release = await visit.hold();
  await visit.press(".");
  await visit.press("s");
  await visit.page.waitForSelector('[data-waiting="link"]');
  await visit.click("Cancel");
  await visit.page.waitForSelector("[data-waiting]", { state: "detached" });
  release();
  await visit.until("[data-tick]", "data-tick", ">", 0);
  const tick = await visit.tick();
  await visit.press(".");
  await visit.until("[data-tick]", "data-tick", ">", tick);
  assert.equal(new URL(visit.page.url()).hash, "");
  await visit.press("s");
  await visit.page.waitForSelector("text=Link copied");
  assert.match(new URL(visit.page.url()).hash, /^#s=1\./);
  await visit.count("[data-waiting]", 0);
  await visit.leave();
});

test("a pause that takes long says so, and its fingerprint can be cancelled", async () => {
  const visit = await large();
  await visit.press("8");
  await visit.press(" ");
  await visit.round(1);
  await visit.press(" ");
  await visit.clickAtOnce('[data-waiting="fingerprint"] button');
  assert.equal(await visit.page.getAttribute("[data-mode]", "data-mode"), "paused");
  await visit.page.waitForSelector("[data-waiting]", { state: "detached" });
  await visit.leave();
});

test("a world that is being opened can be cancelled, and the run before it is there again", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.pause();
  await visit.open({ preset: "improved", seed: 5, rounds: 40 });
  await visit.page.waitForSelector('[data-seed="5"]');
  await visit.click("Run to the end");
  await visit.until("[data-round]", "data-round", "===", 40);
  // Its module never comes.
  await visit.page.context().route(/layers.*\.wasm/, () => {});
  await visit.open({ preset: "sessions" });
  await visit.page.waitForSelector(".opening");
  await visit.click("Cancel");
  await visit.page.waitForSelector(".opening", { state: "detached" });
  await visit.until("[data-round]", "data-round", "===", 40);
  await visit.count('[data-seed="5"]', 1);
  assert.equal(await visit.page.locator('[data-count="running"]').getAttribute("data-value"), "30");
  await visit.leave();
});

test("going back, and ahead to a tick that was reached before, makes the same run", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.pause();
  await visit.open({ preset: "improved", seed: 3, rounds: 1500, set: { genesis: { peers: 200 } } });
  await visit.page.waitForSelector('[data-seed="3"]');
  await visit.click("Run to the end");
  await visit.until("[data-round]", "data-round", "===", 1500);
  await visit.rest();
  const end = await visit.fingerprint();
  const goTo = async (tick) => {
    await visit.page.locator(".scrub").fill(String(tick));
    await visit.until("[data-tick]", "data-tick", "===", tick);
    await visit.rest();
  };
  const last = await visit.tick();
  await goTo(0);
  await goTo(last);
  assert.equal(await visit.fingerprint(), end, "the same run, to the bit");
  await visit.leave();
});
