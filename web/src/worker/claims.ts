/** Worker that checks claims in slices, one run after another. The page cancels a check by terminating it. */
import init, { ClaimCheck, claims, last_panic } from "../wasm/ringside_claims.js";
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

function runSlice(check: ClaimCheck): void {
  const before = check.done;
  const more = check.advance(SLICE_MS);
  const findings = check.done > before ? check.news() : [];
  scope.postMessage({ type: "progress", done: check.done, size: check.size, findings, isOver: !more });
  if (more) setTimeout(() => guard(() => runSlice(check)));
  else check.free();
}

init().then(
  () => {
    scope.onmessage = ({ data: { ids, quick } }) => guard(() => runSlice(new ClaimCheck(ids, quick)));
    scope.postMessage({ type: "ready", claims: claims() });
  },
  (reason: unknown) => scope.postMessage({ type: "unloadable", message: messageOf(reason) }),
);
