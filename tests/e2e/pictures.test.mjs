// Pictures of the peer cache, of the peer manager and of the radio, with runs of their own.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

/** A run of a scenario with layers, at its end. */
async function ended(scenario, options = {}) {
  const visit = await lab.visit("", options);
  await visit.ready();
  await visit.open(scenario);
  await visit.running(scenario.preset);
  await visit.page.click("#tab-measure");
  await visit.page.locator("label", { hasText: /^max$/ }).first().click();
  await visit.round(scenario.rounds);
  return visit;
}

/** Violations that axe finds on the page. */
async function violations(visit) {
  await visit.page.evaluate(AXE);
  const { violations: found } = await visit.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

/** Presses a button by the keyboard alone. */
async function press(visit, name) {
  const button = visit.page.getByRole("button", { name });
  await button.focus();
  await visit.press("Enter");
}

/** A short life: ninety rounds up, five down, and another start. */
const CACHE = { preset: "cache", rounds: 180, set: { cache: { up_rounds: 90, down_rounds: 5 } } };

test("the cache of a host is a table with reasons, and its life is told over its restarts", async () => {
  const visit = await ended(CACHE);
  await visit.until('[data-chart="cache-table"]', "data-rows", ">", 4);
  const row = await visit.page.locator('[data-chart="cache-table"] [data-rank="2"]').textContent();
  assert.match(row, /earlier: session|seen earlier|greater id/);
  assert.ok((await visit.page.locator('[data-chart="cache-table"] [data-dial="connected"]').count()) > 0, "dials with success");
  await press(visit, /^Follow [0-9a-f]{6} from the start$/);
  await visit.page.waitForSelector('[data-chart="cache-life"][data-lives="2"]');
  const texts = (rows) => visit.page.locator(`[data-chart="cache-life"] ${rows}`).allTextContents();
  const [starts, files] = [await texts("[data-start]"), await texts("[data-outcome]")];
  assert.match(starts[0], /^10 s/);
  assert.match(starts[1], /^295 s/);
  assert.equal(files[0], "no file read");
  assert.match(files[1], /^\d+ entries, \d+ of \d+ hit: a cached peer answered$/);
  await visit.leave();
});

test("a save that is synced and renamed survives every crash, and one that writes over does not", async () => {
  const visit = await ended({ ...CACHE, rounds: 5 });
  await press(visit, "Crash a thousand times");
  await visit.page.waitForSelector('[data-chart="crash-test"][data-strips="3"]');
  const outcomes = (rule) => visit.page.locator(`[data-rule="${rule}"] [data-outcome]`).allTextContents();
  const [synced, direct] = [await outcomes("synced"), await outcomes("direct")].map((cells) => cells.map((text) => Number(text.replace(",", ""))));
  assert.equal(synced[0] + synced[1], 1_000);
  assert.deepEqual(synced.slice(2), [0, 0, 0]);
  assert.ok(direct[2] > 500, `${direct}`);
  await visit.leave();
});

test("hits fall over the downtime, as a curve and as a table", async () => {
  const visit = await ended({ ...CACHE, rounds: 5 });
  await press(visit, /^Run 8 downtimes/);
  await visit.page.getByRole("button", { name: /^Run 8 downtimes.* again$/ }).waitFor({ timeout: 150_000 });
  const chart = visit.page.locator('[data-chart="hit-curve"]');
  await chart.getByRole("button", { name: "Show as table" }).click();
  const cells = (await chart.locator("tbody tr td:nth-child(2)").allTextContents()).map(parseFloat);
  assert.equal(cells.length, 8);
  assert.ok(cells[0] > 70 && cells[4] < cells[0], `${cells}`);
  assert.match(await chart.textContent(), /after an hour/);
  await visit.leave();
});

test("the peers of a host have a story: scores by their parts, ends and bans", async () => {
  const visit = await ended({
    preset: "peer-manager", rounds: 600, set: { genesis: { peers: 40 }, manager: { bad_share: 0.4, invalid_share: 0.9 } },
  });
  await press(visit, /^Follow the peers of/);
  await visit.page.getByRole("button", { name: /^Follow the peers of.* again$/ }).waitFor();
  await visit.until('[data-chart="score-anatomy"]', "data-moments", ">", 10);
  await visit.until('[data-chart="bans"]', "data-banned", ">", 0);
  const anatomy = visit.page.locator('[data-chart="score-anatomy"]');
  assert.match(await anatomy.textContent(), /uptime.*latency.*validity.*connected: the (host|peer) dialled.*banned.*points now/s);
  const before = await anatomy.getAttribute("data-peer");
  await anatomy.locator("select").focus();
  await visit.press("ArrowDown");
  assert.notEqual(await anatomy.getAttribute("data-peer"), before);
  await visit.leave();
});

test("scores of the last day are curves with bans and replacements, and a table", async () => {
  const set = { genesis: { peers: 40 }, manager: { bad_share: 0.4, invalid_share: 0.9, outbound_max: 8, inbound_max: 4, hysteresis: 5 } };
  const visit = await ended({ preset: "peer-manager", rounds: 1_200, set });
  const chart = visit.page.locator('[data-chart="score-history"]');
  await visit.until('[data-chart="score-history"]', "data-curves", ">", 20);
  const strokes = async (path) => ((await chart.locator(path).getAttribute("d")) ?? "").split("M").length - 1;
  const [bans, replacements] = [await strokes("[data-mark='1']"), await strokes("[data-mark='2']")];
  assert.ok(bans > 0 && replacements > 0, `${bans} bans, ${replacements} replacements`);
  assert.ok((await chart.locator("path.c-accent").getAttribute("d")).includes("V"), "the score of the selected peer changes");
  const caption = await chart.locator("figcaption").textContent();
  assert.ok(caption.includes(`${bans} ban`) && caption.includes(`${replacements} replacement`), caption);
  await chart.getByRole("button", { name: "Show as table" }).focus();
  await visit.press("Enter");
  const rows = await chart.locator("tbody tr").allTextContents();
  assert.equal(rows.length, Number(await chart.getAttribute("data-curves")));
  const times = (await chart.locator("tbody td:nth-child(7)").allTextContents()).filter((text) => text !== "–");
  assert.equal(times.flatMap((text) => text.split(", ")).length, bans);
  await visit.leave();
});

test("before the first score there is no curve, and the caption says so", async () => {
  const visit = await ended({ preset: "peer-manager", rounds: 9, set: { genesis: { peers: 40 } } });
  const chart = visit.page.locator('[data-chart="score-history"][data-curves="0"]');
  assert.match(await chart.textContent(), /computed no score yet/);
  assert.equal(await chart.locator("svg.score-curves").count(), 0);
  await visit.leave();
});

test("a pool by quality is drawn beside a random one", async () => {
  const visit = await ended({ preset: "peer-manager", rounds: 5, set: { genesis: { peers: 40 } } });
  await press(visit, /^Run both pools/);
  await visit.page.getByRole("button", { name: /^Run both pools.* again$/ }).waitFor({ timeout: 150_000 });
  assert.match(await visit.page.locator('[data-chart="pool-curve"]').textContent(), /After 20 min, [\d.]+\s% of the connections/);
  await visit.leave();
});

test("the tool for airtime tells what the command line tells", async () => {
  const visit = await ended({ preset: "lora", rounds: 2 });
  await visit.until('[data-chart="airtime"]', "data-answers", "=", 8);
  const chart = visit.page.locator('[data-chart="airtime"]');
  assert.match(await chart.locator('[data-sf="9"]').textContent(), /390\.1 ms92 frames an hour, one every 39\.1 s/);
  const bytes = chart.getByLabel("bytes");
  await bytes.fill("256");
  await visit.press("Tab");
  await visit.page.waitForSelector('[data-chart="airtime"] [data-sf="12"][data-law="too_long"]');
  await chart.locator('[data-sf="7"]', { hasText: "399.6 ms" }).waitFor();
  await visit.leave();
});

const LOOKS = [
  ["a phone", { viewport: { width: 390, height: 844 } }], ["a dark page", { colorScheme: "dark" }], ["forced colours", { forcedColors: "active" }],
];

for (const [name, options] of LOOKS) {
  test(`the pictures fit ${name}, and axe finds nothing wrong`, async () => {
    const beyond = () => visit.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const visit = await ended(CACHE, options);
    await press(visit, "Crash a thousand times");
    await visit.page.waitForSelector('[data-chart="crash-test"][data-strips="3"]');
    await press(visit, /^Follow /);
    await visit.page.waitForSelector('[data-chart="cache-life"][data-lives="2"]');
    assert.ok((await beyond()) <= 0, `${await beyond()} pixels beyond the edge`);
    assert.deepEqual(await violations(visit), []);
    await visit.open({ preset: "peer-manager", rounds: 300, set: { genesis: { peers: 30 }, manager: { bad_share: 0.4, invalid_share: 0.9 } } });
    await visit.page.click("#tab-measure");
    await visit.round(300);
    await press(visit, /^Follow the peers of/);
    await visit.until('[data-chart="bans"]', "data-rows", ">", 0);
    assert.ok((await beyond()) <= 0, `${await beyond()} pixels beyond the edge`);
    assert.deepEqual(await violations(visit), []);
    await visit.open({ preset: "lora", rounds: 2 });
    await visit.page.click("#tab-measure");
    await visit.until('[data-chart="airtime"]', "data-answers", "=", 8);
    assert.ok((await beyond()) <= 0, `${await beyond()} pixels beyond the edge`);
    assert.deepEqual(await violations(visit), []);
    await visit.leave();
  });
}
