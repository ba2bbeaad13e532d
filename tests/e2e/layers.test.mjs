// Layers load in a module of their own, when a scenario needs them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

/** Visit that is ready, with the names of the modules that it has loaded. */
async function ready() {
  const visit = await lab.visit();
  const modules = [];
  visit.page.on("request", (request) => modules.push(...(/ringside_\w+_bg/.exec(request.url()) ?? [])));
  await visit.ready();
  return { visit, modules };
}

test("a scenario with sessions loads their module once, and runs", async () => {
  const { visit, modules } = await ready();
  const choice = visit.page.locator(".preset select");
  await choice.selectOption("sessions-shipped");
  await visit.page.waitForSelector('[data-chart="sessions"]');
  await visit.round(1);
  assert.equal(await choice.inputValue(), "sessions-shipped");
  assert.deepEqual(modules.filter((name) => name === "ringside_layers_bg"), ["ringside_layers_bg"]);
  const chart = '[data-chart="sessions"]';
  await choice.selectOption("improved");
  await visit.page.waitForSelector(chart, { state: "detached" });
  await choice.selectOption("sessions");
  await visit.page.waitForSelector(chart);
  assert.equal(modules.filter((name) => name === "ringside_layers_bg").length, 1);
  await visit.leave();
});

test("a link with layers loads their module alone", async () => {
  const modules = [];
  const listen = (page) => page.on("request", (request) => modules.push(...(/ringside_\w+_bg/.exec(request.url()) ?? [])));
  const visit = await lab.visit("#s=1.AQcBAAAAAML5Ff8", {}, listen);
  await visit.ready();
  await visit.page.waitForSelector('[data-chart="sessions"]');
  assert.deepEqual(modules, ["ringside_layers_bg"]);
  await visit.page.locator(".preset select").selectOption("improved");
  await visit.page.waitForSelector('[data-chart="sessions"]', { state: "detached" });
  assert.deepEqual(modules, ["ringside_layers_bg"], "it makes runs without layers, too");
  await visit.leave();
});

test("what is wrong in every module says so, and the run stays", async () => {
  const { visit } = await ready();
  await visit.open({ preset: "improved", set: { network: { los: 0.1 } } });
  const panel = await visit.page.waitForSelector('[data-error="problems"]');
  assert.match(await panel.textContent(), /network\.los\b.*network\.loss/s);
  await visit.click("Keep the present run");
  await visit.pause();
  await visit.leave();
});

test("without the module, the reason is told and opening can be repeated", async () => {
  const { visit } = await ready();
  await visit.page.route("**/ringside_layers*.wasm", (route) => route.abort());
  await visit.open({ preset: "sessions" });
  const panel = await visit.page.waitForSelector('[data-error="problems"]');
  assert.match(await panel.textContent(), /module with all layers.*could not be loaded.*check the connection/is);
  await visit.page.unroute("**/ringside_layers*.wasm");
  await visit.click("Keep the present run");
  await visit.open({ preset: "sessions" });
  await visit.page.waitForSelector("[data-error]", { state: "detached" });
  await visit.round(1);
  visit.complaints = [];
  await visit.leave();
});

test("the key of replies turns while the world runs, and its effect is told", async () => {
  const { visit } = await ready();
  await visit.page.locator(".preset select").selectOption("sessions-shipped");
  await visit.page.waitForSelector('[data-reply-key="ip-port"]');
  // At its own pace, since at most speed the whole run can be over before the switch turns.
  await visit.page.locator("label", { hasText: /^30$/ }).click();
  await visit.round(90);
  await visit.click("Look replies up by the IP");
  await visit.page.waitForSelector('[data-reply-key="ip"]');
  await visit.page.locator("label", { hasText: /^max$/ }).click();
  const matched = () => visit.page.locator("[data-comparison] tr", { hasText: "pongs matched" }).locator("td").allTextContents();
  await visit.page.waitForFunction(() => /^[1-9].* %$/.test(document.querySelector("[data-comparison] tr:nth-child(3) td:last-child")?.textContent ?? ""));
  const [before, since] = await matched();
  assert.equal(before, "0.0 %");
  assert.match(since, /^[1-9]/);
  await visit.leave();
});

test("every pair of the incident has its row, and a peer lists its sessions", async () => {
  const { visit } = await ready();
  // The last tick is always the same one: at others a host of this preset may have fewer sessions.
  await visit.open({ preset: "sessions-shipped", rounds: 200 });
  await visit.page.click("#tab-measure");
  await visit.page.waitForSelector('[data-chart="sessions"]');
  await visit.click("Run to the end");
  await visit.until("[data-round]", "data-round", "===", 200);
  await visit.pause();
  await visit.page.waitForSelector('[data-chart="sessions"][data-pairs="15"]');
  const text = await visit.page.textContent('[data-chart="sessions"]');
  assert.match(text, /15 pairs have had sessions.*lived 90 s or less/s);
  assert.equal(await visit.page.getAttribute('[data-chart="sessions"] canvas', "height") > 0, true);
  await visit.page.focus("canvas.ring");
  await visit.press("ArrowRight");
  await visit.press("Enter");
  await visit.page.locator(".inspector summary", { hasText: "Sessions" }).click();
  const rows = visit.page.locator("[data-session]");
  await rows.first().waitFor();
  assert.ok((await rows.count()) >= 5, "five other hosts");
  await visit.count(".inspector dl.figures", 0); // No lifecycle, no figures of it.
  await visit.leave();
});

test("sessions are chords of the ring by their state, and leave with their scenario", async () => {
  const { visit } = await ready();
  const choice = visit.page.locator(".preset select");
  await choice.selectOption("sessions");
  await visit.page.locator("label", { hasText: /^max$/ }).first().click();
  await visit.until("[data-chords]", "data-chords", "=", 15);
  await visit.until('[data-count="chord-open"]', "data-value", ">", 0);
  await choice.selectOption("sessions-shipped");
  await visit.round(60);
  await visit.until('[data-count="chord-waiting"]', "data-value", ">", 0);
  await choice.selectOption("improved");
  await visit.page.waitForSelector("[data-chords]", { state: "detached" });
  await visit.leave();
});
