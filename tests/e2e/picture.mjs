// Takes the picture of the README from the page: `npm run picture`, after `cargo xtask build`.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { openLab } from "./lib/lab.mjs";

const TARGET = fileURLToPath(new URL("../../docs/ringside.png", import.meta.url));
const SCENARIO = { preset: "lifecycle", seed: 1 };
/** Rounds before the picture is taken: some connections have formed, others are in progress. */
const ROUNDS = 16;

const lab = await openLab();
const visit = await lab.visit("", { viewport: { width: 1360, height: 850 }, colorScheme: "dark" });
await visit.ready();
await visit.open(SCENARIO);
await visit.press("4");
await visit.page.click("#tab-measure");
await visit.round(ROUNDS - 2);
await visit.press("2");
await visit.round(ROUNDS);
mkdirSync(dirname(TARGET), { recursive: true });
await visit.page.screenshot({ path: TARGET });
await visit.leave();
await lab.close();
