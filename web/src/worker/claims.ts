/** Worker that checks claims and measures curves in slices, one run after another. The page cancels it by terminating it. */
import init, { ClaimCheck, SensitivityCheck, claims, last_panic } from "../wasm/ringside_claims.js";
import { messageOf } from "./failure";
import type { FromClaimsWorker, ToClaimsWorker } from "./workerMessages";

/** Milliseconds of work between two progress messages. */
const SLICE_MS = 100;

/** Part of `DedicatedWorkerGlobalScope` that is used here; the page's library types lack it. */
interface Scope {
  postMessage(message: FromClaimsWorker): void;
  onmessage: ((event: MessageEvent<ToClaimsWorker>) => void) | null;
}

const scope = self as unknown as Scope;

function guard(work: () => void): void {
  try {
    work();
  } catch (thrown) {
    scope.postMessage({ type: "panicked", message: last_panic() ?? messageOf(thrown) });
  }
}

/** A check in slices, with what it finds. */
interface Check<T> {
  readonly done: number;
  readonly size: number;
  advance(budgetMs: number): boolean;
  news(): T[];
  free(): void;
}

/** Continues a check, and tells how far it is and what it has found. */
function runSlice<T>(check: Check<T>, messageFor: (news: T[], at: { done: number; size: number; isOver: boolean }) => FromClaimsWorker): void {
  const before = check.done;
  const more = check.advance(SLICE_MS);
  const news = check.done > before ? check.news() : [];
  scope.postMessage(messageFor(news, { done: check.done, size: check.size, isOver: !more }));
  if (more) setTimeout(() => guard(() => runSlice(check, messageFor)));
  else check.free();
}

init().then(
  () => {
    scope.onmessage = ({ data }) => guard(() => {
      if (data.type === "check") runSlice(new ClaimCheck(data.ids, data.quick), (findings, at) => ({ type: "progress", findings, ...at }));
      else runSlice(new SensitivityCheck(data.seeds), (curves, at) => ({ type: "varied", curves, ...at }));
    });
    scope.postMessage({ type: "ready", claims: claims() });
  },
  (reason: unknown) => scope.postMessage({ type: "unloadable", message: messageOf(reason) }),
);
