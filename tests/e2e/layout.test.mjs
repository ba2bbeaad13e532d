// The page is usable in low windows, at high zoom, at another pixel ratio and on other keyboards.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

const box = (visit, selector) => visit.page.locator(selector).boundingBox();

test("a low window with a selected peer leaves the panel a height that can be read", async () => {
  const visit = await lab.visit("", { viewport: { width: 1280, height: 720 } });
  await visit.ready();
  await visit.page.focus("canvas.ring");
  await visit.press("ArrowRight");
  await visit.press("Enter");
  await visit.page.waitForSelector(".inspector");
  assert.ok((await box(visit, ".tabpanel")).height >= 240, JSON.stringify(await box(visit, ".tabpanel")));
  await visit.leave();
});

test("on a phone on its side, and in a low frame, the controls take one row", async () => {
  for (const viewport of [{ width: 844, height: 390 }, { width: 640, height: 420 }]) {
    const visit = await lab.visit("", { viewport, hasTouch: true, isMobile: true });
    await visit.ready();
    const { height } = await box(visit, ".transport");
    assert.ok(height <= viewport.height / 4, `${height} of ${viewport.height} px`);
    await visit.leave();
  }
});

test("at a zoom of 400 % nothing covers the page, and nothing scrolls sideways", async () => {
  const visit = await lab.visit("", { viewport: { width: 320, height: 256 } });
  await visit.ready();
  assert.equal(await visit.page.evaluate(() => document.documentElement.scrollWidth), 320);
  assert.equal(await visit.page.evaluate(() => getComputedStyle(document.querySelector(".transport")).position), "static");
  await visit.leave();
});

test("texts follow the size of the root font", async () => {
  const visit = await lab.visit();
  await visit.ready();
  const size = () => visit.page.evaluate(() => [".legend", "h1", ".tabs button", ".progress-text"].map((selector) =>
    parseFloat(getComputedStyle(document.querySelector(selector)).fontSize)));
  const former = await size();
  await visit.page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  assert.deepEqual(await size(), former.map((px) => px * 2));
  await visit.leave();
});

test("the ring is drawn sharp after a change of the pixel ratio", async () => {
  const visit = await lab.visit();
  await visit.ready();
  const width = () => visit.page.evaluate(() => document.querySelector("canvas.ring").width);
  const former = await width();
  const session = await visit.page.context().newCDPSession(visit.page);
  await session.send("Emulation.setDeviceMetricsOverride", { width: 1280, height: 860, deviceScaleFactor: 2, mobile: false });
  await visit.page.waitForFunction((once) => document.querySelector("canvas.ring").width === 2 * once, former);
  await visit.leave();
});

test("large numbers are shown whole", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.page.click("#tab-knobs");
  await visit.page.locator("input[type=search]").first().fill("genesis.peers");
  const field = visit.page.locator('.knob input[type="number"]').first();
  await field.fill("100000");
  await field.blur();
  const room = await field.evaluate((input) => {
    const style = getComputedStyle(input);
    const ctx = document.createElement("canvas").getContext("2d");
    ctx.font = style.font;
    return input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - ctx.measureText(input.value).width;
  });
  assert.equal(await field.inputValue(), "100000");
  assert.ok(room >= 16, `${room} px for the buttons`);
  await visit.leave();
});

test("keys of a Cyrillic keyboard work by their position", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.pause();
  const former = await visit.page.getAttribute("[data-tick]", "data-tick");
  const key = (name, code) => visit.page.evaluate(([k, c]) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: k, code: c, bubbles: true })), [name, code]);
  await key("\u044e", "Period");
  await visit.page.waitForFunction((old) => document.querySelector("[data-tick]").dataset.tick !== old, former);
  await key("\u044b", "KeyS");
  await visit.page.waitForSelector("text=Link copied");
  await visit.leave();
});

test("on a phone the longest words on the properties stay within the page", async () => {
  const visit = await lab.visit("#s=1.ASoBKAMIGBiYddwGoB8AASjqy3EKp7ldaQUI4mH0BginRBEZCK6sJhEIRyiiSgjd7idbQcCSIQ", { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await visit.ready();
  await visit.round(40);
  await visit.page.waitForFunction(() => document.querySelector(".pill").textContent.includes("at the end"));
  const { x, width } = await box(visit, ".pill");
  assert.ok(x >= 0 && x + width <= 390, `${x} to ${x + width}`);
  await visit.leave();
});

test("with a default font of twice the size nothing scrolls sideways", async () => {
  const large = await openLab(["--blink-settings=defaultFontSize=32"]);
  try {
    for (const viewport of [{ width: 1280, height: 860 }, { width: 390, height: 844 }]) {
      const visit = await large.visit("", { viewport });
      await visit.ready();
      assert.equal(await visit.page.evaluate(() => getComputedStyle(document.documentElement).fontSize), "32px");
      for (const tab of ["measure", "commands", "knobs", "invariants", "claims", "run"]) {
        await visit.page.click(`#tab-${tab}`);
        if (tab === "claims") await visit.page.waitForSelector("[data-claim]");
        const wide = await visit.page.evaluate(() => [document.documentElement.scrollWidth, ...[...document.querySelectorAll("body *")]
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest(".tabs"))
          .map((element) => element.outerHTML.slice(0, 80))]);
        assert.deepEqual(wide, [viewport.width], `${tab} at ${viewport.width} px`);
      }
      await visit.leave();
    }
  } finally {
    await large.close();
  }
});
