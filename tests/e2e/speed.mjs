// One benchmark for `cargo xtask bench`, in Node or in Chromium:
//   node speed.mjs node|chromium FOLDER WORK SIZE WARM_UP STEPS PARTS
// FOLDER contains the module and its bindings. Prints one JSON object.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [engine, folder, ...task] = process.argv.slice(2);
const bindings = join(folder, "ringside_bench.js");
const module = await readFile(join(folder, "ringside_bench_bg.wasm"));

/** Runs here or in the page, so it must not use anything of this module. */
async function measure({ from, base64, task: [name, ...numbers] }) {
  const [size, warmUp, steps, parts] = numbers.map(Number);
  const { default: load, Work } = await import(from);
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const { memory } = await load({ module_or_path: bytes });
  const before = memory.buffer.byteLength;
  const start = performance.now();
  const work = Work.open(name, size);
  const open = performance.now() - start;
  // Small steps: a long call stays in the code of the baseline compiler to its end.
  for (let step = 0; step < warmUp; step += 1) work.advance(1);
  const seconds = [];
  const delivered = [];
  for (let part = 0; part < parts; part += 1) {
    const count = work.delivered();
    const start = performance.now();
    for (let step = 0; step < steps; step += 1) work.advance(1);
    seconds.push((performance.now() - start) / 1000);
    delivered.push(work.delivered() - count);
  }
  return {
    open_seconds: open / 1000,
    seconds,
    delivered,
    bytes: memory.buffer.byteLength - before,
    keyframe_bytes: null,
    fingerprint: work.fingerprint(),
  };
}

async function inChromium(work) {
  const { launch } = await import("./lib/browser.mjs");
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const source = await readFile(bindings, "base64");
    return await page.evaluate(measure, { ...work, from: `data:text/javascript;base64,${source}` });
  } finally {
    await browser.close();
  }
}

const work = { from: pathToFileURL(bindings).href, base64: module.toString("base64"), task };
console.log(JSON.stringify(await (engine === "node" ? measure(work) : inChromium(work))));
