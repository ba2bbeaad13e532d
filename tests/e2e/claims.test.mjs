// Claims: checked by a separate worker, with a verdict, a reason and a run.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

async function openClaims(options) {
  const visit = await lab.visit("", options);
  await visit.ready();
  await visit.page.click("#tab-claims");
  await visit.page.waitForSelector("[data-claim]");
  return visit;
}

const row = (id) => `[data-claim="${id}"]`;

test("a claim is checked beside the run, and shown with its verdict, its value and the reason", async () => {
  const visit = await openClaims();
  assert.ok((await visit.page.locator("[data-claim]").count()) > 24);
  const before = await visit.tick();
  await visit.click("Check reach-of-ten");
  await visit.page.waitForSelector(`${row("reach-of-ten")}[data-verdict="only-if"]`);
  const text = await visit.page.textContent(row("reach-of-ten"));
  for (const part of ["only if", "72.", "expected 17.5 to 18.5 %", "If the width of a view overflows: 18."]) {
    assert.ok(text.includes(part), `${part}: ${text}`);
  }
  await visit.text(".tally", /1 only if/);
  await visit.until("[data-tick]", "data-tick", ">", before);
  await visit.leave();
});

test("the run of a claim opens by keyboard, runs to the claim's point, and shows what is claimed", async () => {
  const visit = await openClaims();
  await visit.page.focus(`${row("random-bootstrap")} a`);
  await visit.press("Enter");
  await visit.page.waitForSelector("text=The experiment is complete.");
  assert.ok((await visit.number("[data-round]", "data-round")) >= 50);
  await visit.text("[data-claim-run]", /first run of a claim.+expected/s);
  assert.equal(await visit.page.getAttribute("#tab-measure", "aria-selected"), "true");
  await visit.page.click("#tab-knobs");
  await visit.page.fill('input[type="search"]', "topology");
  const changed = await visit.page.textContent(".tabpanel");
  assert.match(changed, /isolated/);
  assert.match(visit.page.url(), /#s=/);
  await visit.leave();
});

test("a check of all claims shows its progress, and can be cancelled", async () => {
  const visit = await openClaims();
  await visit.page.getByRole("button", { name: /^Check all \d/ }).click();
  const bar = visit.page.locator('[role="progressbar"]');
  await visit.page.waitForFunction(() => Number(document.querySelector(".check [role=progressbar]")?.getAttribute("aria-valuenow")) > 3);
  assert.ok(Number(await bar.getAttribute("aria-valuemax")) > 50);
  assert.equal(await visit.page.getByRole("button", { name: "Check gaussian", exact: true }).isEnabled(), false);
  await visit.page.waitForSelector('[data-claim="answer-share"][data-verdict="reproduced"]');
  await visit.click("Cancel");
  await visit.page.getByRole("button", { name: /^Check all \d/ }).waitFor();
  assert.equal(await visit.page.getAttribute(row("answer-share"), "data-verdict"), "reproduced", "findings are kept");
  await visit.leave();
});

test("the parameters of document 000 are measured and drawn, and what is drawn stays after a cancellation", async () => {
  const visit = await openClaims();
  await visit.page.locator('[data-document="sensitivity"] > summary').click();
  await visit.click("Measure all seven");
  const first = visit.page.locator('[data-parameter="election.per_round"]');
  await first.locator("svg.curve circle.usual").waitFor();
  assert.match(await first.locator("svg title").textContent(), /From 1 to 12 it \w+ by/);
  await visit.click("Cancel");
  await visit.page.getByRole("button", { name: "Measure again" }).waitFor();
  assert.equal(await first.locator("svg.curve circle").count(), 5);
  await visit.leave();
});

test("a check that fails shows the reason, and the run continues", async () => {
  const visit = await openClaims();
  await visit.page.route("**/*.wasm", (route) => route.abort());
  await visit.click("Check reach-of-ten");
  await visit.page.waitForSelector('.check [role="alert"]');
  await visit.round((await visit.number("[data-round]", "data-round")) + 1);
  visit.complaints = visit.complaints.filter((text) => !text.includes(".wasm") && !text.includes("ERR_FAILED"));
  await visit.leave();
});
