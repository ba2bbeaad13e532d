// Links reproduce a run exactly and say so, or give the reason why they cannot be opened.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

const FALSE_LINK = readFileSync(new URL("../golden/false-link.txt", import.meta.url), "utf8").trim();

/** Run with commands, and the link copied from it. */
async function sharedRun() {
  const visit = await lab.visit();
  await visit.ready();
  await visit.press("7");
  await visit.round(5);
  await visit.page.click("#tab-commands");
  await visit.click("Cut the ring");
  await visit.round(12);
  await visit.click("Crash", ".panels");
  await visit.round(20);
  await visit.pause();
  const fingerprint = await visit.fingerprint();
  const tick = await visit.tick();
  await visit.press("s");
  await visit.page.waitForSelector("text=Link copied");
  const link = await visit.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, visit.page.url(), "the URL is the link too");
  await visit.leave();
  return { link, fingerprint, tick };
}

test("a processor without SIMD makes the same run with another module", async () => {
  const { link, fingerprint } = await sharedRun();
  const old = await openLab(["--js-flags=--no-enable-sse4-1"]);
  try {
    for (const [browser, expected] of [[lab, "ringside_simd"], [old, "ringside_wasm"]]) {
      const modules = [];
      const watch = (page) => page.on("request", (request) => request.url().endsWith(".wasm") && modules.push(request.url()));
      const visit = await browser.visit(new URL(link).hash, {}, watch);
      await visit.page.waitForSelector('[data-verdict="reproduced"]');
      assert.equal(await visit.fingerprint(), fingerprint);
      assert.deepEqual(modules.map((url) => url.includes(expected)), [true], modules.join(" "));
      await visit.leave();
    }
  } finally {
    await old.close();
  }
});

test("a copied link reproduces the same fingerprint in another profile, and says so", async () => {
  const { link, fingerprint, tick } = await sharedRun();
  const visit = await lab.visit(new URL(link).hash);
  const badge = await visit.page.waitForSelector('[data-verdict="reproduced"]');
  assert.match(await badge.textContent(), /Reproduced, bit for bit, at tick/);
  await visit.mode("paused");
  await visit.until("[data-tick]", "data-tick", "===", tick);
  assert.equal(await visit.fingerprint(), fingerprint);
  await visit.page.click("#tab-commands");
  await visit.count(".log li", 2);
  await visit.leave();
});

test("a link with a false outcome names the ticks between which the runs diverge", async () => {
  const visit = await lab.visit(`#s=${FALSE_LINK}`);
  const badge = await visit.page.waitForSelector('[data-verdict="differs"]');
  assert.match(await badge.textContent(), /Differs between tick 8 and 16/);
  await visit.leave();
});

test("a link that is opened in a running page replaces its run", async () => {
  const { link, fingerprint } = await sharedRun();
  const visit = await lab.visit();
  await visit.ready();
  await visit.page.evaluate((hash) => (location.hash = hash), new URL(link).hash);
  await visit.page.waitForSelector('[data-verdict="reproduced"]');
  assert.equal(await visit.fingerprint(), fingerprint);
  await visit.leave();
});

test("a corrupted link gives the reason, and offers the default experiment", async () => {
  const { link } = await sharedRun();
  const hash = new URL(link).hash;
  const middle = Math.floor(hash.length / 2);
  const other = hash[middle] === "A" ? "B" : "A";
  for (const broken of [hash.slice(0, middle) + other + hash.slice(middle + 1), hash.slice(0, -6), "#s=", "#s=9.AAAA", "#what"]) {
    const visit = await lab.visit(broken);
    const panel = await visit.page.waitForSelector('[data-error="problems"]');
    const reason = await panel.textContent();
    assert.match(reason, /This link cannot be opened/);
    assert.ok((await visit.page.textContent(".problems strong")).length > 3, `a reason for ${broken}`);
    assert.equal(await visit.page.getAttribute(".ring-view", "data-ready"), "no", "no other run may open instead");
    await visit.click("Open the default experiment");
    await visit.ready();
    assert.equal(new URL(visit.page.url()).hash, "");
    await visit.leave();
  }
});

test("a scenario with errors lists all of them", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.open({ preset: "lifecycle", set: { network: { loss: 7, los: 1 } } });
  await visit.page.waitForSelector('[data-error="problems"]');
  await visit.count(".problems li", 2);
  await visit.click("Keep the present run");
  await visit.page.waitForSelector("[data-error]", { state: "detached" });
  await visit.leave();
});

test("an example is opened by its title, and runs with its commands", async () => {
  const visit = await lab.visit();
  await visit.ready();
  const choice = visit.page.locator(".preset select");
  const titles = await choice.locator('optgroup[label="Examples"] option').allTextContents();
  assert.ok(titles.length >= 9 && titles.every((title) => title.length > 10), titles.join());
  const { title } = JSON.parse(readFileSync(new URL("../../scenarios/flapping.json", import.meta.url), "utf8"));
  await choice.selectOption({ label: title });
  await visit.page.click("#tab-run");
  await visit.page.waitForSelector('[data-seed="19"]');
  assert.equal(await choice.inputValue(), "example:flapping");
  await visit.page.click("#tab-commands");
  await visit.page.waitForSelector('.log[data-entries="3"]');
  const shown = await choice.evaluate(async (select) => {
    select.value = "seed-000";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    const values = new Set();
    for (let frame = 0; frame < 30; frame += 1) {
      await new Promise(requestAnimationFrame);
      values.add(select.value);
    }
    return [...values];
  });
  assert.deepEqual(shown, ["seed-000"], "the choice is shown while the worker opens it, and after");
  await visit.page.waitForSelector("[data-barriers]", { state: "detached" });
  await visit.leave();
});

test("a scenario can be dropped onto the page, and another file is rejected", async () => {
  const visit = await lab.visit();
  await visit.ready();
  const drop = async (text) => {
    const dataTransfer = await visit.page.evaluateHandle((content) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], "dropped.json", { type: "application/json" }));
      return transfer;
    }, text);
    await visit.page.dispatchEvent("canvas.ring", "drop", { dataTransfer });
  };
  await drop('{"preset": "lifecycle", "seed": 4711}');
  await visit.page.click("#tab-run");
  await visit.page.waitForSelector('[data-seed="4711"]');
  await drop("{");
  const panel = await visit.page.waitForSelector('[data-error="problems"]');
  assert.match(await panel.textContent(), /dropped\.json is not a scenario/);
  await visit.click("Keep the present run");
  await visit.leave();
});

test("a link is offered to be copied by hand if the clipboard is unavailable", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("refused"));
  });
  await visit.press("s");
  const field = await visit.page.waitForSelector('.toast input[aria-label="Link to this run"]');
  assert.match(await field.inputValue(), /#s=1\./);
  await visit.leave();
});

test("the scenario, the history and the picture can be downloaded", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.press("7");
  await visit.round(3);
  await visit.page.click("#tab-run");
  for (const [button, name] of [["Export as JSON", /\.json$/], ["History as CSV", /\.csv$/], ["Ring as PNG", /\.png$/]]) {
    const [download] = await Promise.all([visit.page.waitForEvent("download"), visit.click(button)]);
    assert.match(download.suggestedFilename(), name);
  }
  await visit.leave();
});

test("the results of an attack are kept beside its defence", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.page.getByRole("combobox", { name: "Experiment" }).selectOption("example:attack-flooder");
  const attack = '[data-row="messages"] [data-side="attack"]';
  const defence = '[data-row="messages"] [data-side="defence"]';
  await visit.page.waitForSelector(attack);
  // Not at full speed: after its end, a run is not one that the user paused.
  await visit.press("7");
  await visit.round(40);
  await visit.pause();
  const sent = await visit.page.textContent(attack);
  assert.ok(Number(sent.replaceAll(",", "")) > 1000, sent);
  assert.equal(await visit.page.textContent(defence), "–");
  await visit.page.focus('[data-open="defence"]');
  await visit.press("Enter");
  await visit.page.waitForSelector('[data-open="attack"]');
  await visit.page.waitForFunction((cell) => document.querySelector(cell)?.textContent === "0", defence);
  await visit.press(" ");
  await visit.round(40);
  assert.equal(await visit.page.textContent(attack), sent);
  await visit.leave();
});
