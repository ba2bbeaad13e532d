// What the page shows is so: the space-time image, the summary of properties, the headline, the clock.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

const CUT = {
  preset: "lifecycle", seed: 5, rounds: 150,
  commands: [{ at: 40, kind: "cut", from: "0000000000000000", to: "8000000000000000" }],
};

/** Columns of the space-time image as hashes, from a copy: reading a canvas of the page would slow it down. */
function image(visit, columns) {
  return visit.page.evaluate((count) => {
    const canvas = document.querySelector(".spacetime canvas");
    const ctx = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
    ctx.drawImage(canvas, 0, 0);
    return Array.from({ length: count }, (_, x) => [...ctx.getImageData(x, 0, 1, canvas.height).data].reduce((hash, byte) => (hash * 31 + byte) % 4294967291, 7));
  }, columns);
}

const drawn = (visit, columns) => visit.page.waitForFunction((count) => Number(document.querySelector(".spacetime canvas")?.dataset.columns) === count, columns);

async function opened(scenario) {
  const visit = await lab.visit();
  await visit.ready();
  await visit.pause();
  await visit.open(scenario);
  await visit.page.waitForSelector(`[data-seed="${scenario.seed}"]`);
  await visit.page.click("#tab-measure");
  return visit;
}

test("the image is the same whatever was watched, and after opening a link", async () => {
  const fast = await opened(CUT);
  await fast.click("Run to the end");
  await fast.until("[data-round]", "data-round", "===", 150);
  await drawn(fast, 151);
  const atOnce = await image(fast, 151);
  const columns = new Set(atOnce).size;
  assert.ok(columns > 30, `${columns} different columns: none is filled with another`);
  await fast.leave();
  const visit = await opened(CUT);
  for (let i = 1; i <= 6; i += 1) {
    await visit.press("Shift+.");
    await visit.until("[data-round]", "data-round", "===", i);
  }
  await drawn(visit, 7);
  await visit.click("Run to the end");
  await visit.until("[data-round]", "data-round", "===", 150);
  await drawn(visit, 151);
  assert.deepEqual(await image(visit, 151), atOnce);
  await visit.press("s");
  await visit.page.waitForSelector("text=Link copied");
  const link = new URL(visit.page.url()).hash;
  await visit.leave();
  const other = await lab.visit(link);
  await other.page.waitForSelector('[data-verdict="reproduced"]');
  await drawn(other, 151);
  assert.deepEqual(await image(other, 151), atOnce);
  await other.leave();
});

test("a command in the past leaves nothing of the abandoned future in the image", async () => {
  const visit = await opened({ ...CUT, commands: [] });
  await visit.click("Run to the end");
  await visit.until("[data-round]", "data-round", "===", 150);
  await visit.page.locator(".scrub").fill("50");
  await visit.until("[data-tick]", "data-tick", "===", 50);
  await visit.mode("paused");
  await visit.page.click("#tab-commands");
  await visit.click("Cut the ring");
  await visit.page.waitForSelector(".log");
  await visit.page.click("#tab-measure");
  await drawn(visit, 51);
  await visit.leave();
});

test("the summary of properties is green only if all that is due holds", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.click("Run to the end");
  await visit.page.waitForSelector("text=The experiment is complete.");
  await visit.page.waitForSelector('[data-invariants="missed"]');
  const text = await visit.page.textContent("[data-invariants]");
  const [, holding, all] = /(\d+) of (\d+) hold at the end · \d+ of \d+ seen/.exec(text);
  assert.ok(Number(holding) < Number(all), text);
  await visit.leave();
});

test("the headline shows both definitions, and the harm of adversaries beside them", async () => {
  const visit = await lab.visit();
  await visit.ready();
  const names = () => visit.page.locator(".headline dt").allTextContents();
  await visit.page.waitForSelector(".headline");
  assert.deepEqual(await names(), ["of all messages", "per Query"]);
  await visit.page.locator(".preset select").selectOption("example:attack-eclipser");
  await visit.page.waitForSelector("text=captured by adversaries");
  assert.deepEqual(await names(), ["of all messages", "per Query", "captured by adversaries", "worst-hit victim", "elections they won"]);
  await visit.leave();
});

test("past the end the clock does not count against it, and it shows the tick of the ring", async () => {
  const visit = await opened({ preset: "lifecycle", seed: 5, rounds: 10 });
  await visit.click("Run to the end");
  await visit.until("[data-round]", "data-round", "===", 10);
  await visit.press("8");
  await visit.press(" ");
  await visit.round(14);
  await visit.pause();
  const text = await visit.page.textContent("[data-tick]");
  const [, round, past] = /round ([\d,]+) \(([\d,]+) past the end\)/.exec(text);
  assert.equal(Number(round), 10 + Number(past));
  await visit.leave();
});

test("columns without a chart of their own are drawn from the table of metrics", async () => {
  const visit = await opened({ preset: "lifecycle", seed: 5, rounds: 60 });
  await visit.click("Run to the end");
  await visit.until("[data-round]", "data-round", "===", 60);
  await visit.page.click(".column-charts summary");
  await visit.page.waitForSelector(".column-charts [data-chart]");
  const charts = await visit.page.locator(".column-charts [data-chart]").count();
  const promised = (await visit.page.textContent(".column-charts summary small")).split(", ").length;
  const blank = await visit.page.textContent(".column-charts > .hint");
  assert.ok(charts >= 4, `${charts} charts`);
  assert.equal(charts, promised, "charts without values are not promised");
  assert.match(blank, /^Nothing to show so far of .*restarts/);
  await visit.leave();
});
