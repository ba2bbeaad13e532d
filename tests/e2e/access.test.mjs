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
