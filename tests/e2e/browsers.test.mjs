// The page in other people's browsers: translated, with forced colours, by touch, on a slow line.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

/** Replaces every text of the page as the translation of a browser does. */
function translate(visit, how) {
  return visit.page.evaluate((kind) => {
    const walker = document.createTreeWalker(document.getElementById("app"), NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
      const outer = document.createElement("font");
      const inner = document.createElement("font");
      outer.append(inner);
      if (kind === "moved") {
        text.replaceWith(outer);
        inner.append(text);
      } else {
        inner.textContent = text.data;
        text.parentNode.insertBefore(outer, text);
        text.remove();
      }
    }
    return texts.length;
  }, how);
}

for (const how of ["replaced", "moved"]) {
  test(`figures go on when a translation has ${how} their texts`, async () => {
    const visit = await lab.visit();
    await visit.ready();
    assert.ok((await translate(visit, how)) > 60);
    assert.ok((await translate(visit, how)) > 60, "a translation is translated again");
    const clock = () => visit.page.evaluate(() => Number(/round ([\d,]+)/.exec(document.querySelector("[data-tick]").innerText)[1].replaceAll(",", "")));
    const before = await clock();
    await visit.press("7");
    await visit.round(before + 20);
    await visit.pause();
    assert.equal(await clock(), await visit.number("[data-round]", "data-round"));
    const shown = await visit.page.evaluate(() => document.querySelector('[data-count="query"]').innerText);
    assert.equal(Number(shown.replaceAll(",", "")), await visit.number('[data-count="query"]', "data-value"));
    await visit.page.click("#tab-run");
    await visit.page.waitForSelector("text=Random seed");
    await visit.page.click("#tab-measure");
    await visit.leave();
  });
}

test("on a slow line the page shows no figures before there are any", async () => {
  let release = () => {};
  const held = new Promise((resolve) => (release = resolve));
  const visit = await lab.visit("", {}, (page) => page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  }));
  await visit.page.waitForSelector("text=Loading the simulation…");
  const figures = await visit.page.locator(".corner output, [data-tick] b").allTextContents();
  assert.deepEqual([...new Set(figures)], ["–"], figures.join());
  release();
  await visit.ready();
  await visit.page.waitForFunction(() => document.querySelector('[data-count="running"]').textContent === "30");
  await visit.leave();
});

test("with forced colours the states of peers keep colours of their own", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const visit = await lab.visit("", { forcedColors: "active", colorScheme });
    await visit.ready();
    await visit.press("7");
    await visit.round(20);
    await visit.pause();
    const colours = await visit.page.evaluate(() => {
      const canvas = document.querySelector("canvas.ring");
      const ctx = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
      ctx.drawImage(canvas, 0, 0);
      const counts = new Map();
      const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] < 200) continue;
        const colour = data.slice(at, at + 3).join();
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
      return [...counts].filter(([, count]) => count > 150).length;
    });
    assert.ok(colours >= 4, `${colours} colours`);
    await visit.leave();
  }
});

test("every control has room for a finger: 24 px, in width and height", async () => {
  for (const options of [{}, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }]) {
    const visit = await lab.visit("", options);
    await visit.ready();
    await visit.press(" ");
    await visit.mode("paused");
    for (const tab of ["measure", "commands", "knobs", "invariants", "claims", "run"]) {
      await visit.page.click(`#tab-${tab}`);
      if (tab === "claims") await visit.page.waitForSelector("[data-claim]");
      if (tab === "invariants") await visit.page.waitForSelector(".properties");
      const small = await visit.page.evaluate(() => [...document.querySelectorAll("button, a[href], select, input, summary")]
        .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".unseen") && !element.matches(".unseen"))
        // A link within a sentence is exempt (WCAG 2.5.8), and so is a switch whose label is the target.
        .map((element) => ({ element, box: (element.closest("label") ?? element).getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.width < 23.9 || box.height < 23.9))
        .map(({ element, box }) => `${element.outerHTML.slice(0, 90)} ${box.width.toFixed(1)}x${box.height.toFixed(1)}`));
      assert.deepEqual(small, [], `${tab} ${JSON.stringify(options)}`);
    }
    await visit.leave();
  }
});

test("the shortcut sheet is reachable on a phone", async () => {
  const visit = await lab.visit("", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await visit.ready();
  await visit.page.click("#tab-run");
  await visit.click("Keyboard shortcuts", ".panels");
  await visit.page.waitForSelector("dialog.shortcuts[open]");
  await visit.leave();
});

test("nothing on the page moves when figures grow", async () => {
  for (const options of [{}, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }]) {
    const visit = await lab.visit("", options);
    await visit.ready();
    await visit.round(1);
    const tops = () => visit.page.evaluate(() => [".answer .plot", ".answer .legend", ".top-left li", ".tabs", ".transport"].map((selector) =>
      document.querySelector(selector).getBoundingClientRect().top + scrollY));
    const [, ...former] = await tops();
    await visit.press("8");
    await visit.page.waitForSelector("text=The experiment is complete.");
    const [, ...later] = await tops();
    assert.deepEqual(later.slice(0, 3), former.slice(0, 3), JSON.stringify(options));
    await visit.leave();
  }
});

test("flags of commands stand above the plot, not on its lines", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.press("7");
  await visit.round(20);
  const height = () => visit.page.evaluate(() => {
    const [plot, host] = [document.querySelector(".answer .u-over"), document.querySelector(".answer .plot")];
    return plot.getBoundingClientRect().top - host.getBoundingClientRect().top;
  });
  assert.equal(await height(), 8);
  await visit.page.click("#tab-commands");
  await visit.click("Crash", ".panels");
  await visit.page.waitForFunction(() => document.querySelector(".answer .u-over").getBoundingClientRect().top - document.querySelector(".answer .plot").getBoundingClientRect().top === 18);
  await visit.leave();
});
