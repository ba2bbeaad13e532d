/** The worker that checks claims: run after run, in slices, until all are judged. To cancel a check, the page ends it. */
import init, { ClaimCheck, claims, last_panic } from "../wasm/ringside_claims.js";
import type { FromChecker, ToChecker } from "./protocol";

/** Milliseconds of work before the page hears of it; nobody else waits for this worker. */
const SLICE = 100;

/** The part of a dedicated worker's scope that is used here; the page's library types do not know it. */
interface Scope {
  postMessage(message: FromChecker): void;
  onmessage: ((event: MessageEvent<ToChecker>) => void) | null;
}

const scope = self as unknown as Scope;
const words = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

function guard(work: () => void): void {
  try {
    work();
  } catch (thrown) {
    scope.postMessage({ type: "panicked", message: last_panic() ?? words(thrown) });
  }
}

function turn(check: ClaimCheck): void {
  const before = check.done;
  const more = check.advance(SLICE);
  const findings = check.done > before ? check.news() : [];
  scope.postMessage({ type: "checked", done: check.done, size: check.size, findings, over: !more });
  if (more) setTimeout(() => guard(() => turn(check)));
  else check.free();
}

init().then(
  () => {
    scope.onmessage = ({ data: { ids, quick } }) => guard(() => turn(new ClaimCheck(ids, quick)));
    scope.postMessage({ type: "ready", claims: claims() });
  },
  (reason: unknown) => scope.postMessage({ type: "unloadable", message: words(reason) }),
);
