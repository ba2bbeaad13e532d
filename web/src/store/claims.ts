/** Checks of claims: what is known of each, and the worker that finds it out, loaded when it is first wanted. The run on the page goes on meanwhile. */
import { batch, computed, signal } from "@preact/signals";
import type { Claim, Finding } from "../wasm/ringside_wasm.js";
import type { FromChecker, ToChecker } from "../worker/protocol";
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
/** What is to be checked once the worker is there. */
let order: ToChecker | null = null;

/** Load what there is to check, if it is not there yet. */
export function load(): void {
  if (claims.value.length > 0 || worker) return;
  failure.value = null;
  start();
}

/** Check some claims, in the place of whatever is being checked. */
export function check(ids: string[]): void {
  cancel();
  failure.value = null;
  progress.value = { done: 0, size: 0, ids: new Set(ids) };
  order = { type: "check", ids, quick: quick.value };
  start();
}

export function cancel(): void {
  worker?.terminate();
  worker = null;
  order = null;
  progress.value = null;
}

function start(): void {
  const started = new Worker(new URL("../worker/claims.ts", import.meta.url), { type: "module" });
  started.onmessage = (event: MessageEvent<FromChecker>) => {
    // What a worker said before it was ended may still be on its way.
    if (started === worker) receive(started, event.data);
  };
  started.onerror = (event) => {
    event.preventDefault();
    fail(event.message || "The worker could not be started.");
  };
  worker = started;
}

function receive(from: Worker, message: FromChecker): void {
  switch (message.type) {
    case "ready":
      claims.value = message.claims;
      if (order) from.postMessage(order);
      else cancel();
      return;
    case "checked":
      return batch(() => checked(message));
    case "panicked":
    case "unloadable":
      return fail(message.message);
  }
}

function checked({ done, size, findings: news, over }: FromChecker & { type: "checked" }): void {
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
