/** Checks of claims: what is known of each, and the worker that finds it out. The run on the page goes on meanwhile. */
import { batch, computed, signal } from "@preact/signals";
import type { Claim, Finding } from "../wasm/ringside_wasm.js";
import type { FromWorker, ToWorker } from "../worker/protocol";
import { say } from "../ui/announce";
import { plural } from "../ui/format";

export interface Progress {
  /** Runs made, of all that are needed. */
  done: number;
  size: number;
  /** The claims that are being checked. */
  ids: ReadonlySet<string>;
}

export const claims = signal<Claim[]>([]);
export const findings = signal<ReadonlyMap<string, Finding>>(new Map());
export const progress = signal<Progress | null>(null);
/** Why the last check came to nothing. */
export const failure = signal<string | null>(null);
export const quick = signal(true);

/** How often each verdict was found, in the order in which they first occur. */
export const tally = computed(() => {
  const counts = new Map<Finding["verdict"], { words: string; count: number }>();
  for (const { verdict, words } of findings.value.values()) {
    counts.set(verdict, { words, count: (counts.get(verdict)?.count ?? 0) + 1 });
  }
  return [...counts];
});

let worker: Worker | null = null;

/** Check some claims, in the place of whatever is being checked. */
export function check(ids: string[]): void {
  cancel();
  failure.value = null;
  progress.value = { done: 0, size: 0, ids: new Set(ids) };
  const started = new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" });
  started.onmessage = (event: MessageEvent<FromWorker>) => receive(started, ids, event.data);
  started.onerror = (event) => {
    event.preventDefault();
    fail(event.message || "The worker could not be started.");
  };
  worker = started;
}

export function cancel(): void {
  worker?.terminate();
  worker = null;
  progress.value = null;
}

function receive(from: Worker, ids: string[], message: FromWorker): void {
  // What a worker said before it was ended may still be on its way.
  if (from !== worker) return;
  if (message.type === "ready") {
    const order: ToWorker = { type: "check", ids, quick: quick.value };
    from.postMessage(order);
  }
  if (message.type === "checked") batch(() => checked(message));
  if (message.type === "panicked" || message.type === "unloadable") fail(message.message);
}

function checked({ done, size, findings: news, over }: FromWorker & { type: "checked" }): void {
  if (news.length > 0) {
    findings.value = new Map([...findings.value, ...news.map((finding) => [finding.id, finding] as const)]);
  }
  const ids = progress.value?.ids ?? new Set<string>();
  progress.value = { done, size, ids };
  if (!over) return;
  cancel();
  const only = ids.size === 1 ? findings.value.get([...ids][0] ?? "") : undefined;
  say(only ? `${only.words}: ${only.value}` : `${plural(ids.size, "claim")} checked: ${summary()}.`);
}

/** "7 reproduced, 3 only if". */
export function summary(): string {
  return tally.value.map(([, { words, count }]) => `${count} ${words}`).join(", ");
}

function fail(message: string): void {
  cancel();
  failure.value = message;
}
