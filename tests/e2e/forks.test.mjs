// The picture of chains that fork: the split, the healing, and what it says.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const CHART = '[data-chart="forks"]';

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

/** Twelve hosts that are cut in two from second 60 to second 180, at the end of a number of rounds. */
async function forked(rounds, options = {}, set = {}) {
  const visit = await lab.visit("", options);
  await visit.ready();
  await visit.open({
    preset: "sessions", seed: 1, rounds,
    set: { genesis: { peers: 12 }, sync: { forks: true, behind: 0, block_ms: 10_000, ...set } },
    commands: [{ at: 60_000, kind: "cut-halves", salt: 2 }, { at: 180_000, kind: "heal" }].filter(({ at }) => at < rounds * 1_000),
  });
  await visit.running("sessions");
  await visit.page.click("#tab-measure");
  await visit.page.locator("label", { hasText: /^max$/ }).first().click();
  await visit.round(rounds);
  return visit;
}

test("a cut makes two lanes, and after it all hosts are on one", async () => {
  const cut = await forked(170);
  await cut.until(CHART, "data-used", "=", 2);
  await cut.text(`${CHART} figcaption`, /^Hosts are on 2 chains: .* No host has gone over/);
  await cut.leave();
  const healed = await forked(420);
  await healed.until(CHART, "data-used", "=", 1);
  await healed.until(CHART, "data-moves", ">", 0);
  await healed.text(`${CHART} figcaption`, /^All 12 hosts are on chain \d\. \d+ times? a host has gone over/);
  await healed.page.locator(`${CHART} summary`).focus();
  await healed.press("Enter");
  await healed.text(`${CHART} details`, /Chain 2 forked from chain 1 above block 2,48\d, ends with block/);
  await healed.page.evaluate(AXE);
  const { violations } = await healed.page.evaluate((chart) => globalThis.axe.run(chart, { resultTypes: ["violations"] }), CHART);
  assert.deepEqual(violations.map(({ id }) => id), []);
  if (process.env.FORKS_PICTURE) await healed.page.locator(CHART).screenshot({ path: `${process.env.FORKS_PICTURE}-light.png` });
  await healed.leave();
});

test("without a fork the picture says so, and it fits a phone", async () => {
  const phone = await forked(420, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await phone.until(CHART, "data-moves", ">", 0);
  const box = await phone.page.locator(CHART).boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390, JSON.stringify(box));
  if (process.env.FORKS_PICTURE) await phone.page.locator(CHART).screenshot({ path: `${process.env.FORKS_PICTURE}-phone.png` });
  await phone.leave();
  const calm = await forked(50);
  await calm.until(CHART, "data-chains", "=", 1);
  await calm.text(`${CHART} figcaption`, /^No chain has forked so far\./);
  await calm.leave();
});
