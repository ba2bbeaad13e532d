/** The life of a host over its restarts, read from looks at it. Times are in milliseconds of the run. */
import type { CacheView, StartOutcome } from "../wasm/ringside_wasm.js";
import type { Look } from "../worker/studyMessages";

/** One start of a host, up to its stop. */
export interface Life {
  began: number;
  /** Null while it runs. */
  ended: number | null;
  /** Time after the start to the first session, to five, and to the outcome of every try; null before. */
  first: number | null;
  fifth: number | null;
  settled: number | null;
  /** Entries that were read, and dials of them so far; null without a file. */
  file: { entries: number; dials: number; hits: number } | null;
  /** What became of the cached peers; null before that is clear, and at a first start. */
  outcome: StartOutcome | null;
}

/** Outcomes of starts in words. */
export const OUTCOMES: Record<StartOutcome, string> = {
  success: "a cached peer answered",
  "no-success": "no cached peer answered",
  "budget-expired": "none answered before the time was over",
  "empty-cache": "no file, or an empty one",
  damaged: "the file could not be read",
  "all-filtered": "no entry was to be tried",
  "namespace-mismatch": "the file was of another network",
  disabled: "the file is not used",
  cancelled: "stopped before that was clear",
};

const FIVE = 5;

/** Adds looks to the lives of a host. */
export function extend(lives: Life[], looks: Look<CacheView>[], tickMs: number): Life[] {
  const known = [...lives];
  for (const { tick, view } of looks) {
    const last = known.at(-1);
    const now = tick * tickMs;
    if (!view?.is_running) {
      if (last?.ended === null) known[known.length - 1] = { ...last, ended: now };
      continue;
    }
    const began = now - view.up_ms;
    // A host that only comes back, with its memory, has begun before.
    const isSame = last?.ended === null && Math.abs(last.began - began) < 1;
    const life = isSame ? last : { began: Math.max(began, last?.ended ?? 0), ended: null, first: null, fifth: null, settled: null, file: null, outcome: null };
    known[isSame ? known.length - 1 : known.length] = seen(life, view, now);
  }
  return known;
}

/**
 * What a look at a running host adds. The core notes the times of hosts that have run before; a first start has
 * those of the looks.
 */
function seen(life: Life, view: CacheView, now: number): Life {
  const time = (noted: number | null, before: number | null, least: number): number | null =>
    noted ?? before ?? (!view.is_again && view.live >= least ? now - life.began : null);
  const dialled = view.rows.filter(({ dial }) => dial !== null && dial !== "waiting");
  return {
    ...life,
    first: time(view.first_ms, life.first, 1),
    fifth: time(view.fifth_ms, life.fifth, FIVE),
    settled: view.settled_ms ?? life.settled,
    outcome: view.outcome ?? life.outcome,
    file: view.is_loaded ? { entries: view.entries, dials: dialled.length, hits: dialled.filter(({ dial }) => dial === "connected").length } : life.file,
  };
}
