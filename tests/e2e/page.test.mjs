// The page on opening: it runs, moves and measures without a complaint of the browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

test("opens from a sub-path without an error, a failed request or a third party, and runs", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.round(2);
  await visit.leave();
});

test("the ring moves while playing and stands still while paused", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.round(1);
  const before = await visit.pixels();
  await visit.page.waitForFunction((old) => document.querySelector("canvas.ring").toDataURL() !== old, before);
  await visit.pause();
  // Fading may finish after the pause; then drawings many frames apart are equal.
  const rests = await visit.page.evaluate(async () => {
    const canvas = document.querySelector("canvas.ring");
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const before = canvas.toDataURL();
      for (let i = 0; i < 40; i += 1) await new Promise((done) => requestAnimationFrame(done));
      if (canvas.toDataURL() === before) return true;
    }
    return false;
  });
  assert.ok(rests, "a paused ring must stop moving");
  await visit.leave();
});

test("the Answer rate of the published experiment appears, with both definitions", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.open({ preset: "seed-000", seed: 1 });
  await visit.page.waitForSelector('[data-seed="1"]');
  await visit.press("8");
  await visit.round(100);
  const title = visit.page.locator('[data-chart="answer"] h2');
  assert.match(await title.textContent(), /Answers \/ all messages/);
  const share = await rate(visit);
  assert.ok(share > 8 && share < 30, `Answers of all messages: ${share} %`);
  await visit.page.click('[data-chart="answer"] label:has(input[value="perQuery"])');
  assert.match(await title.textContent(), /Answers \/ Queries/);
  const perQuery = await rate(visit);
  assert.ok(perQuery > share, `Answers per Query (${perQuery} %) exceed Answers of all messages (${share} %)`);
  await visit.text('[data-chart="answer"] figcaption', /[\d,]+ Answers to [\d,]+ Queries/);
  await visit.leave();
});

test("the shape of the graph is described, and outcomes of elections add up", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.press("8");
  await visit.round(40);
  await visit.pause();
  await visit.until("[data-shape]", "data-shape", ">=", await visit.tick());
  await visit.count(".design-facts li", 4);
  await visit.text('[data-chart="reach"] figcaption', /D.=.0\.\d\d/);
  const digits = (text) => Number(text.replace(/\D/g, ""));
  const elected = await visit.page.locator('[data-outcome="elected"] output').first().textContent();
  const completed = await visit.page.locator('.figure:has(dt:text-is("completed")) dd').textContent();
  assert.ok(digits(elected) > 0);
  assert.equal(digits(elected), digits(completed));
  await visit.click("Show causes", '[data-chart="transitions"]');
  assert.ok((await visit.page.locator('[data-chart="transitions"] tbody tr').count()) >= 3);
  await visit.leave();
});

test("a chart can be read as a table", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.press("8");
  await visit.round(30);
  await visit.pause();
  await visit.page.click('[data-chart="answer"] figcaption button');
  const rows = await visit.page.locator('[data-chart="answer"] tbody tr').count();
  assert.equal(rows, 25);
  await visit.leave();
});

test("runs to the end of the experiment, and can be stopped on the way", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.open({ preset: "lifecycle", rounds: 100000 });
  await visit.page.click('[aria-label="Run to the end"]');
  await visit.click("Cancel");
  await visit.mode("paused");
  assert.ok((await visit.tick()) < 100000);
  await visit.open({ preset: "lifecycle", rounds: 40 });
  await visit.until("[data-tick]", "data-tick", "===", 0);
  await visit.page.click('[aria-label="Run to the end"]');
  await visit.page.waitForSelector("text=The experiment is complete.");
  await visit.until("[data-tick]", "data-tick", "===", 40);
  await visit.page.locator(".preset select").selectOption("improved");
  await visit.mode("playing");
  await visit.leave();
});

test("a simulation that cannot be loaded is reported with a remedy", async () => {
  const visit = await lab.visit("", {}, (page) => page.route("**/*.wasm", (route) => route.abort()));
  await visit.page.waitForSelector('[data-error="unloadable"]');
  await visit.page.unroute("**/*.wasm");
  await visit.click("Reload");
  await visit.ready();
  // The browser complains about the missing file only.
  visit.complaints = visit.complaints.filter((text) => !text.includes(".wasm") && !text.includes("ERR_FAILED"));
  await visit.leave();
});

test("an internal error stops the run, with its text and the link that reproduces it", async () => {
  const visit = await lab.visit("", {}, (page) => page.route("**/worker-*.js", sabotage));
  const panel = await visit.page.waitForSelector('[data-error="panic"]');
  assert.match(await panel.textContent(), /sabotaged/);
  await visit.page.unroute("**/worker-*.js");
  await visit.click("Copy the link that led here");
  const link = await visit.page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /#s=1\./);
  await visit.click("Restart with the default experiment");
  await visit.page.waitForSelector("[data-error]", { state: "detached" });
  await visit.round(1);
  await visit.leave();
});

test("many peers are drawn as pixels that can be pointed at, and the sample of messages is stated", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.open({ preset: "improved", seed: 2, set: { genesis: { peers: 6000, topology: "random" }, tokens: { total: 60000 } } });
  await visit.until('[data-count="running"]', "data-value", "===", 6000);
  await visit.pause();
  await visit.press("Shift+.");
  await visit.until("[data-round]", "data-round", ">=", 1);
  await visit.pause();
  await visit.text(".top-left .limit", /A pixel each/);
  await visit.text(".top-right .limit", /^4\d\d of [\d,]+ in flight are drawn$/);
  const box = await visit.page.locator("canvas.ring").boundingBox();
  const radius = Math.min(box.width, box.height) / 2 - 52;
  const corona = { x: box.width / 2 + radius * 0.85, y: box.height / 2 };
  await visit.page.mouse.move(box.x + corona.x, box.y + corona.y);
  await visit.text(".tip", /one of \d+ peers in this direction/);
  await visit.page.mouse.click(box.x + corona.x, box.y + corona.y);
  await visit.page.waitForSelector(".inspector header code");
  await visit.leave();
});

/** Gives the page a core that panics after some ticks. */
async function sabotage(route) {
  const response = await route.fetch();
  const trap = `
    const start = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...input) => {
      const { module, instance } = await start(...input);
      let left = 6;
      const advance = (...input) => {
        if ((left -= 1) < 0) throw new WebAssembly.RuntimeError("sabotaged");
        return instance.exports.simulation_advance(...input);
      };
      return { module, instance: { exports: { ...instance.exports, simulation_advance: advance } } };
    };`;
  await route.fulfill({ response, body: trap + (await response.text()) });
}

async function rate(visit) {
  const text = await visit.page.textContent('[data-chart="answer"] .legend output');
  return Number.parseFloat(text);
}
