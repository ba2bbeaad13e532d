// A file means the same on the page as on the command line, and what cannot be opened says why.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLab } from "./lib/lab.mjs";

let lab;
before(async () => (lab = await openLab()));
after(() => lab.close());

async function ready() {
  const visit = await lab.visit();
  await visit.ready();
  return visit;
}

/** Chooses a file with these bytes. */
async function choose(visit, content) {
  await visit.page.click("#tab-run");
  const buffer = Buffer.isBuffer(content) ? content : Buffer.from(content);
  await visit.page.setInputFiles("input[type=file]", { name: "a.json", mimeType: "application/json", buffer });
}

/** Drops files on the page; `change` alters the transfer within the page. */
function drop(page, names, kind = "file") {
  return page.evaluate(([files, how]) => {
    const dataTransfer = new DataTransfer();
    for (const name of files) dataTransfer.items.add(new File(["{}"], name));
    const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    if (how === "folder") DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true });
    if (how === "gone") File.prototype.arrayBuffer = () => Promise.reject(new DOMException("gone", "NotFoundError"));
    document.body.dispatchEvent(event);
  }, [names, kind]);
}

test("64-bit seeds are exact", async () => {
  const visit = await ready();
  for (const seed of ["9007199254740993", "18446744073709551615"]) {
    await choose(visit, `{"preset":"improved","seed":${seed}}`);
    await visit.page.waitForSelector(`[data-seed="${seed}"]`);
  }
  await visit.leave();
});

test("a file that is no scenario is refused with its place and a remedy that fits", async () => {
  const cases = [
    ['{"preset":"improved","preset":"seed-000","seed":7}', /preset.*written twice.*remove one/i],
    ['{"seed":18446744073709551616}', /seed.*18446744073709551616.*choose a smaller number/i],
    ['{"set":'.repeat(100_000), /line 1, column \d+.*nested more than 16 levels/i],
    ['{\n  // why\n  "seed": 7\n}', /line 2, column 3.*no comments.*remove the comment/i],
    [Buffer.from('{"title":"caf\u00e9"}', "latin1"), /byte 13.*not UTF-8 text.*save the file as UTF-8/i],
    [Buffer.from("\ufeff{}", "utf16le"), /byte 0.*not UTF-8 text.*UTF-16/i],
    ["[1]", /expected an object/i],
    ["", /is empty/i],
  ];
  const visit = await ready();
  for (const [content, expected] of cases) {
    await choose(visit, content);
    const panel = await visit.page.waitForSelector('[data-error="problems"]');
    assert.match(await panel.textContent(), expected);
    await visit.click("Keep the present run");
    await visit.page.waitForSelector("[data-error]", { state: "detached" });
  }
  await visit.leave();
});

test("a folder, two files, and a file that is gone have a message each", async () => {
  for (const [names, kind, expected] of [
    [["scenarios"], "folder", /A folder is no scenario.*Drop the file/],
    [["a.json", "b.json"], "file", /2 files were dropped.*one file at a time/],
    [["a.json"], "gone", /a\.json cannot be opened.*cannot be read/],
  ]) {
    const visit = await ready();
    await drop(visit.page, names, kind);
    const panel = await visit.page.waitForSelector('[data-error="problems"]');
    assert.match(await panel.textContent(), expected);
    await visit.click("Keep the present run");
    await visit.leave();
  }
});

test("an example that cannot be loaded keeps the name of the run, and can be tried again", async () => {
  const visit = await ready();
  const choice = visit.page.locator(".preset select");
  const former = await choice.inputValue();
  await visit.page.route("**/flapping-*.json", (route) => route.fulfill({ status: 404, body: "{}" }));
  await choice.selectOption("example:flapping");
  await visit.page.waitForSelector("text=could not be loaded");
  assert.equal(await choice.inputValue(), former);
  assert.ok(await choice.isEnabled());
  await visit.page.unroute("**/flapping-*.json");
  await visit.click("Try again");
  await visit.page.click("#tab-run");
  await visit.page.waitForSelector('[data-seed="19"]');
  assert.equal(await choice.inputValue(), "example:flapping");
  visit.complaints = visit.complaints.filter((complaint) => !complaint.includes("404"));
  await visit.leave();
});

test("claims that cannot be loaded can be tried again", async () => {
  const visit = await ready();
  await visit.page.route("**/ringside_claims*.wasm", (route) => route.abort());
  await visit.page.click("#tab-claims");
  await visit.page.waitForSelector("text=The claims could not be loaded");
  await visit.page.unroute("**/ringside_claims*.wasm");
  await visit.click("Try again");
  await visit.page.waitForSelector("[data-claim]");
  visit.complaints = [];
  await visit.leave();
});

test("a page whose scripts do not run says so after some seconds", async () => {
  const visit = await lab.visit("", {}, (page) => page.route("**/*.js", (route) => route.fulfill({ contentType: "text/plain", body: "" })));
  await visit.page.waitForSelector("text=The simulation has not started");
  await visit.page.waitForSelector("text=it must send .js files as text/javascript");
  visit.complaints = [];
  await visit.leave();
});

test("a browser without workers says so", async () => {
  const visit = await lab.visit("", {}, (page) => page.addInitScript(() => {
    window.Worker = function () { throw new DOMException("denied", "SecurityError"); };
  }));
  const panel = await visit.page.waitForSelector('[data-error="unloadable"]');
  assert.match(await panel.textContent(), /Sandboxed frames.*Reload/s);
  await visit.leave();
});
