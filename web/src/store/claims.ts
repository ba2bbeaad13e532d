/**
 * Checks of claims: their findings and the worker that makes them, loaded on first use. The run on the page
 * continues meanwhile.
 */
import { batch, computed, signal } from "@preact/signals";
import type { Claim, Curve, Finding } from "../wasm/ringside_wasm.js";
import type { FromClaimsWorker, ToClaimsWorker } from "../worker/workerMessages";
import { say } from "../ui/announce";
import { plural } from "../ui/format";

export interface Progress {
  /** Completed runs, and all runs of the check. */
  done: number;
  size: number;
  /** Claims that are being checked; none while curves are measured. */
  ids: ReadonlySet<string>;
}

export const claims = signal<Claim[]>([]);
export const findings = signal<ReadonlyMap<string, Finding>>(new Map());
/** Curves of the parameters that document 000 wants tuned. */
export const curves = signal<Curve[]>([]);
/** Random seeds of each value of a parameter. */
export const VARY_SEEDS = 4;
export const progress = signal<Progress | null>(null);
/** Reason why the last check failed; null if it did not. */
export const failure = signal<string | null>(null);
export const quick = signal(true);

/** A document with its claims. */
export interface Document {
  number: string;
  title: string;
  claims: Claim[];
}

export const documents = computed(() => {
  const found = new Map<string, Document>();
  for (const claim of claims.value) {
    const known = found.get(claim.seed);
    if (known) known.claims.push(claim);
    else found.set(claim.seed, { number: claim.seed, title: claim.document, claims: [claim] });
  }
  return [...found.values()];
});

/** Number of findings by verdict, in order of first occurrence. */
export function count(counted: Iterable<Finding>): [Finding["verdict"], { words: string; count: number }][] {
  const counts = new Map<Finding["verdict"], { words: string; count: number }>();
  for (const { verdict, words } of counted) {
    counts.set(verdict, { words, count: (counts.get(verdict)?.count ?? 0) + 1 });
  }
  return [...counts];
}

export const tally = computed(() => count(findings.value.values()));

let worker: Worker | null = null;
/** Check to start when the worker is ready. */
let pending: ToClaimsWorker | null = null;

/** Loads the list of claims, unless it is loaded. */
export function load(): void {
  if (claims.value.length > 0 || worker) return;
  failure.value = null;
  start();
}

/** Checks claims; a check in progress is cancelled. */
export function check(ids: string[]): void {
  cancel();
  failure.value = null;
  progress.value = { done: 0, size: 0, ids: new Set(ids) };
  pending = { type: "check", ids, quick: quick.value };
  start();
}

/** Measures the curves of all parameters; a check in progress is cancelled. */
export function vary(): void {
  cancel();
  failure.value = null;
  curves.value = [];
  progress.value = { done: 0, size: 0, ids: new Set() };
  pending = { type: "vary", seeds: VARY_SEEDS };
  start();
}

export function cancel(): void {
  worker?.terminate();
  worker = null;
  pending = null;
  progress.value = null;
}

function start(): void {
  const started = new Worker(new URL("../worker/claims.ts", import.meta.url), { type: "module" });
  started.onmessage = (event: MessageEvent<FromClaimsWorker>) => {
    // Messages of a terminated worker may still arrive.
    if (started === worker) receive(started, event.data);
  };
  started.onerror = (event) => {
    event.preventDefault();
    fail(event.message || "The worker could not be started.");
  };
  worker = started;
}

function receive(from: Worker, message: FromClaimsWorker): void {
  switch (message.type) {
    case "ready":
      claims.value = message.claims;
      if (pending) from.postMessage(pending);
      else cancel();
      return;
    case "progress":
      return batch(() => applyProgress(message));
    case "varied":
      return batch(() => applyCurves(message));
    case "panicked":
    case "unloadable":
      return fail(message.message);
  }
}

function applyProgress({ done, size, findings: news, isOver }: FromClaimsWorker & { type: "progress" }): void {
  if (news.length > 0) {
    findings.value = new Map([...findings.value, ...news.map((finding) => [finding.id, finding] as const)]);
  }
  const ids = progress.value?.ids ?? new Set<string>();
  progress.value = { done, size, ids };
  if (!isOver) return;
  cancel();
  const only = ids.size === 1 ? findings.value.get([...ids][0] ?? "") : undefined;
  say(only ? `${only.words}: ${only.value}` : `${plural(ids.size, "claim")} checked: ${summary()}.`);
}

function applyCurves({ done, size, curves: news, isOver }: FromClaimsWorker & { type: "varied" }): void {
  curves.value = [...curves.value, ...news];
  progress.value = { done, size, ids: new Set() };
  if (!isOver) return;
  cancel();
  say(`${plural(curves.value.length, "parameter")} measured.`);
}

/** Numbers of findings by verdict: "7 reproduced, 3 undecided". */
export function summary(): string {
  return tally.value.map(([, { words, count }]) => `${count} ${words}`).join(", ");
}

function fail(message: string): void {
  cancel();
  failure.value = message;
}
