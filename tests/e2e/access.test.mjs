// Accessibility: rules of axe in both themes, a phone, reduced motion.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

/** Violations that axe finds on the page, one line each with rule, element and reason. */
async function violations(visit) {
  // Evaluated through the debugger, which leaves the security policy of the page in force.
  await visit.page.evaluate(AXE);
  const { violations: found } = await visit.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing wrong in ${colorScheme}`, async () => {
    const visit = await lab.visit("", { colorScheme });
    await visit.ready();
    await visit.press("7");
    await visit.round(6);
    await visit.pause();
    await visit.page.focus("canvas.ring");
    await visit.press("ArrowRight");
    await visit.press("Enter");
    await visit.page.waitForSelector(".inspector dl");
    for (const tab of ["measure", "commands", "knobs", "invariants", "claims", "run"]) {
      await visit.page.click(`#tab-${tab}`);
      await visit.page.waitForSelector(".tabpanel section");
      assert.deepEqual(await violations(visit), [], `with the panel ${tab}`);
    }
    await visit.press("?");
    await visit.page.waitForSelector("dialog[open]");
    assert.deepEqual(await violations(visit), [], "with the dialog of shortcuts");
    await visit.leave();
    const broken = await lab.visit("#s=1.broken", { colorScheme });
    await broken.page.waitForSelector("[data-error]");
    assert.deepEqual(await violations(broken), [], "with a link that cannot be opened");
    await broken.leave();
  });
}

test("a phone has no sideways scrolling, and its targets are large enough for a finger", async () => {
  const visit = await lab.visit("", PHONE);
  await visit.ready();
  await visit.round(2);
  for (const tab of ["measure", "commands", "knobs", "invariants", "claims", "run"]) {
    await visit.page.click(`#tab-${tab}`);
    const { wide, small } = await visit.page.evaluate(() => {
      const visible = [...document.querySelectorAll("button, a.button, select, summary, .segmented label")].filter((it) => it.checkVisibility({ opacityProperty: true }));
      const sizes = visible.filter((it) => !it.matches(".link, .reset")).map((it) => [it.getBoundingClientRect(), it.outerHTML.slice(0, 90)]);
      return {
        wide: document.documentElement.scrollWidth - window.innerWidth,
        small: sizes.filter(([box]) => box.height < 44 || box.width < 32).map(([box, html]) => `${box.width}x${box.height} ${html}`),
      };
    });
    assert.ok(wide <= 0, `${tab} is ${wide} pixels too wide`);
    assert.deepEqual(small, [], `targets of ${tab}`);
  }
  assert.deepEqual(await violations(visit), []);
  await visit.leave();
});

test("nothing moves by itself with reduced motion", async () => {
  const visit = await lab.visit("", { reducedMotion: "reduce" });
  await visit.ready();
  await visit.mode("paused");
  assert.equal(await visit.tick(), 0);
  await visit.press("Shift+.");
  await visit.round(1);
  await visit.leave();
});

test("the chosen theme is remembered", async () => {
  const visit = await lab.visit("", { colorScheme: "light" });
  await visit.ready();
  const paper = () => visit.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await visit.page.click('[aria-label="Colours: system"]');
  await visit.page.click('[aria-label="Colours: light"]');
  const dark = await paper();
  assert.notEqual(dark, light);
  await visit.page.reload();
  await visit.ready();
  assert.equal(await paper(), dark);
  await visit.leave();
});

test("the inspector lists the contacts that it counts, and each can be selected", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.press("7");
  await visit.round(20);
  await visit.pause();
  await visit.page.focus("canvas.ring");
  await visit.press("ArrowRight");
  await visit.press("Enter");
  const first = await visit.page.getAttribute(".inspector", "data-peer");
  await visit.page.click(".contacts summary");
  await visit.page.waitForSelector("[data-contacts]");
  const figures = await visit.page.locator(".inspector .figure").allTextContents();
  const counted = figures.filter((text) => /Connected|Pending|Identified/.test(text)).map((text) => Number(text.replace(/\D/g, "")));
  assert.equal(await visit.page.locator("[data-contacts] button").count(), counted.reduce((sum, count) => sum + count, 0));
  await visit.page.locator("[data-contacts] button").first().click();
  await visit.page.waitForFunction((id) => document.querySelector(".inspector").dataset.peer !== id, first);
  await visit.leave();
});

test("definitions are on the page, not only in tooltips", async () => {
  const visit = await lab.visit("", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await visit.ready();
  await visit.page.click(".definitions summary");
  await visit.page.waitForSelector(".definitions dd");
  const text = await visit.page.textContent(".definitions dl");
  for (const part of ["Pairs in which one peer has the other as Connected", "Normalised entropy", "Messages dropped at a partition"]) {
    assert.ok(text.includes(part), `${part}: ${text}`);
  }
  await visit.leave();
});

test("a step is announced, and a toast covers no control", async () => {
  const visit = await lab.visit();
  await visit.ready();
  await visit.pause();
  await visit.page.waitForTimeout(2100);
  await visit.press("Shift+.");
  await visit.page.waitForFunction(() => /^Round \d+, tick \d+\.$/.test([...document.querySelectorAll('.unseen[role="status"]')].at(-1).textContent));
  await visit.press("s");
  await visit.page.waitForSelector("text=Link copied");
  const covered = await visit.page.evaluate(() => {
    const toast = document.querySelector(".toast").getBoundingClientRect();
    return [...document.querySelectorAll("button, select, input, [role=tab]")].filter((element) => {
      const box = element.getBoundingClientRect();
      return !element.closest(".toast") && box.width > 0 && box.left < toast.right && box.right > toast.left && box.top < toast.bottom && box.bottom > toast.top;
    }).map((element) => element.outerHTML.slice(0, 80));
  });
  assert.deepEqual(covered, []);
  await visit.leave();
});

test("the reasons of properties that are awaited have a contrast of 4.5 in both themes", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const visit = await lab.visit("", { colorScheme });
    await visit.ready();
    await visit.pause();
    await visit.page.click("#tab-invariants");
    await visit.page.waitForSelector(".reason");
    const contrast = await visit.page.evaluate(() => {
      const luminance = (colour) => {
        const [r, g, b] = colour.match(/[\d.]+/g).map(Number).map((part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const [one, other] = [
        luminance(getComputedStyle(document.querySelector(".reason")).color),
        luminance(getComputedStyle(document.querySelector(".panels")).backgroundColor),
      ];
      return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    });
    assert.ok(contrast >= 4.5, `${contrast} in ${colorScheme}`);
    await visit.leave();
  }
});
