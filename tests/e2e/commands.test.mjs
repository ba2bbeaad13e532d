// Commands by mouse and by keyboard, and links that repeat them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

const SUBMIT = '#command-form button[type="submit"]';
const DONE = "text=Done: see the log.";

/** Page with a paused run after some rounds, and the Commands tab open. */
async function paused(options) {
  const visit = await lab.visit("", options);
  await visit.ready();
  await visit.press("7");
  await visit.round(4);
  await visit.pause();
  await visit.page.click("#tab-commands");
  return visit;
}

async function selectPeer(visit) {
  await visit.page.focus("canvas.ring");
  await visit.press("ArrowRight");
  await visit.press("Enter");
  await visit.page.waitForSelector(".inspector .actions");
  return visit.page.getAttribute(".inspector", "data-peer");
}

/** Fills in a form and submits it, by mouse. */
async function give(visit, id, values = {}) {
  await visit.page.click(`#chip-${id}`);
  for (const [name, value] of Object.entries(values)) {
    const field = visit.page.locator(`#command-form [data-field="${name}"] :is(input, select)`);
    if ((await field.evaluate((it) => it.tagName)) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
  }
  await visit.page.click(SUBMIT);
}

test("three commands are carried out, and a link repeats them bit for bit", async () => {
  const visit = await paused();
  const peer = await selectPeer(visit);
  await give(visit, "regions", { regions: "3" });
  await visit.page.waitForSelector(DONE);
  await give(visit, "corrupt", { conduct: "equivocator" });
  await visit.page.waitForSelector('.inspector [data-odd="behavior"]');
  await give(visit, "skew", { rounds: "5", direction: "behind" });
  await visit.page.waitForSelector('.inspector [data-odd="clock"]');
  await visit.text('[data-odd="clock"]', /5 rounds behind/);
  await visit.text(".barriers", /3 regions/);
  await visit.until('[data-count="adversaries"]', "data-value", "===", 1);
  const round = await visit.number("[data-round]", "data-round");
  await visit.press(" ");
  await visit.round(round + 6);
  await visit.pause();
  const fingerprint = await visit.fingerprint();
  await visit.press("s");
  await visit.page.waitForSelector("text=Link copied");
  const link = await visit.page.evaluate(() => navigator.clipboard.readText());
  await visit.leave();

  const again = await lab.visit(new URL(link).hash);
  const badge = await again.page.waitForSelector('[data-verdict="reproduced"]');
  assert.match(await badge.textContent(), /Reproduced, bit for bit/);
  assert.equal(await again.fingerprint(), fingerprint);
  await again.page.click("#tab-commands");
  await again.page.locator(".log li").nth(2).waitFor();
  const log = await again.page.locator(".log li").allTextContents();
  assert.equal(log.length, 3);
  assert.match(log[1], new RegExp(`${peer.slice(0, 6)}… becomes an equivocator`));
  await again.leave();
});

test("random halves are marked on the ring", async () => {
  const visit = await paused();
  const marks = () => visit.page.evaluate(() => {
    const ring = document.querySelector("canvas.ring");
    const { width, height } = ring;
    const ctx = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    ctx.drawImage(ring, 0, 0);
    const radius = Math.min(width, height) / 2 - 52 * devicePixelRatio;
    const { data } = ctx.getImageData(0, 0, width, height);
    // Coloured pixels outside the marks of the peers, where the scale is grey.
    let coloured = 0;
    for (let at = 0; at < data.length; at += 4) {
      const distance = Math.hypot((at / 4) % width - width / 2, Math.floor(at / 4 / width) - height / 2);
      const isGrey = Math.abs(data[at] - data[at + 1]) < 40 && Math.abs(data[at + 1] - data[at + 2]) < 40;
      if (distance > radius + 19 && !isGrey && data[at + 3] > 120) coloured += 1;
    }
    return coloured;
  });
  const before = await marks();
  await give(visit, "two-halves");
  await visit.page.waitForSelector(DONE);
  await visit.page.waitForSelector("[data-barriers]");
  await visit.eventually(async () => {
    const after = await marks();
    assert.ok(before < 10 && after > before + 60, `${before} coloured pixels before, ${after} after`);
  });
  await visit.leave();
});

test("an exported scenario with commands can be opened again", async () => {
  const visit = await paused();
  await selectPeer(visit);
  await give(visit, "pause");
  await visit.page.waitForSelector(DONE);
  await give(visit, "sybils", { count: "3" });
  await visit.until('[data-count="adversaries"]', "data-value", "===", 3);
  await visit.page.click("#tab-run");
  const [download] = await Promise.all([visit.page.waitForEvent("download"), visit.click("Export as JSON")]);
  const again = await lab.visit();
  await again.ready();
  await again.page.click("#tab-run");
  await again.page.setInputFiles("input[type=file]", await download.path());
  await again.until('[data-count="adversaries"]', "data-value", "===", 3);
  await again.until('[data-count="paused"]', "data-value", "===", 1);
  await again.leave();
  await visit.leave();
});

test("errors of the core are shown at their field", async () => {
  const visit = await paused();
  await give(visit, "pause");
  const peer = visit.page.locator('[data-field="peer"]');
  assert.match(await peer.locator(".refused").textContent(), /sixteen/);
  assert.equal(await peer.locator("input").getAttribute("aria-invalid"), "true");
  await visit.focused("field-peer");
  await selectPeer(visit);
  await visit.page.click(SUBMIT);
  await visit.page.waitForSelector(DONE);
  await peer.locator(".refused").waitFor({ state: "detached" });
  await visit.page.click(SUBMIT);
  await peer.locator(".refused").waitFor();
  assert.match(await peer.locator(".refused").textContent(), /is paused/);
  await visit.leave();
});

test("a link between two peers is held and released", async () => {
  const visit = await paused();
  const from = await selectPeer(visit);
  await visit.page.click("#chip-hold-a-link");
  await visit.page.focus("canvas.ring");
  await visit.press("ArrowRight");
  await visit.press("ArrowRight");
  await visit.press("Enter");
  await visit.page.click('[data-field="to"] .take');
  assert.equal(await visit.page.inputValue("#field-from"), from);
  assert.notEqual(await visit.page.inputValue("#field-to"), from);
  await visit.page.click(SUBMIT);
  await visit.page.waitForSelector(".barriers >> text=1 link held");
  await visit.page.click("#chip-release-a-link");
  await visit.page.fill("#field-from", from);
  await visit.page.click('[data-field="to"] .take');
  await visit.page.click(SUBMIT);
  await visit.page.waitForSelector(".barriers", { state: "detached" });
  await visit.leave();
});

test("a command is found, filled in, given and closed by keyboard alone", async () => {
  const visit = await paused();
  await visit.page.click("#tab-measure");
  await visit.press("d");
  await visit.focused("find-command");
  await visit.page.keyboard.type("halves");
  await visit.press("Enter");
  await visit.focused("field-salt");
  await visit.press("Enter");
  await visit.page.waitForSelector(".barriers >> text=two halves by lot");
  await visit.press("Escape");
  await visit.page.waitForSelector("#command-form", { state: "detached" });
  await visit.focused("chip-two-halves");
  await visit.click("Heal the ring", ".barriers");
  await visit.page.waitForSelector(".barriers", { state: "detached" });
  await visit.leave();
});

test("the selected peer can be paused, isolated and corrupted in the inspector", async () => {
  const visit = await paused();
  await selectPeer(visit);
  await visit.click("Pause", ".inspector");
  await visit.page.waitForSelector('[data-odd="paused"]');
  await visit.until('[data-count="paused"]', "data-value", "===", 1);
  await visit.click("Resume", ".inspector");
  await visit.page.waitForSelector('[data-odd="paused"]', { state: "detached" });
  await visit.click("Isolate", ".inspector");
  await visit.page.waitForSelector(".barriers >> text=isolated");
  await visit.page.click("#tab-measure");
  await visit.click("Corrupt…", ".inspector");
  await visit.page.waitForSelector("#command-form");
  await visit.page.click(SUBMIT);
  await visit.page.waitForSelector('[data-odd="behavior"]');
  await visit.click("Make honest", ".inspector");
  await visit.page.waitForSelector('[data-odd="behavior"]', { state: "detached" });
  await visit.leave();
});

test("forms fit a narrow phone", async () => {
  const visit = await lab.visit("", { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true });
  await visit.ready();
  await visit.page.click("#tab-commands");
  for (const chip of await visit.page.locator(".chip").all()) {
    await chip.click();
    const { wide, small } = await visit.page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - window.innerWidth,
      small: [...document.querySelectorAll("#command-form :is(button, select, input:not([type=range]))")]
        .filter((it) => it.getBoundingClientRect().height < 44).map((it) => it.outerHTML),
    }));
    assert.ok(wide <= 0, `${await chip.textContent()} is ${wide} pixels too wide`);
    assert.deepEqual(small, []);
  }
  await visit.leave();
});

test("a command that changes nothing is told with its tick", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.press("7");
  await visit.round(2);
  await visit.pause();
  const tick = await visit.tick();
  await visit.page.click("#tab-commands");
  await visit.click("Heal");
  const notice = await visit.page.waitForSelector("text=there is no partition to heal");
  assert.match(await notice.textContent(), new RegExp(`^Tick ${tick.toLocaleString("en")}: `));
  await visit.leave();
});
