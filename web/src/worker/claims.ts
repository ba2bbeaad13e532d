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

function runSlice(check: ClaimCheck): void {
  const before = check.done;
  const more = check.advance(SLICE_MS);
  const findings = check.done > before ? check.news() : [];
  scope.postMessage({ type: "progress", done: check.done, size: check.size, findings, isOver: !more });
  if (more) setTimeout(() => guard(() => runSlice(check)));
  else check.free();
}

function varySlice(check: SensitivityCheck): void {
  const before = check.done;
  const more = check.advance(SLICE_MS);
  const curves = check.done > before ? check.news() : [];
  scope.postMessage({ type: "varied", done: check.done, size: check.size, curves, isOver: !more });
  if (more) setTimeout(() => guard(() => varySlice(check)));
  else check.free();
}

init().then(
  () => {
    scope.onmessage = ({ data }) => guard(() => {
      if (data.type === "check") runSlice(new ClaimCheck(data.ids, data.quick));
      else varySlice(new SensitivityCheck(data.seeds));
    });
    scope.postMessage({ type: "ready", claims: claims() });
  },
  (reason: unknown) => scope.postMessage({ type: "unloadable", message: messageOf(reason) }),
);
