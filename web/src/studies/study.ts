/** A picture with runs of its own: the workers that make them, their progress, and the way to end them. */
import { signal, type Signal } from "@preact/signals";
import type { FromStudies, ToStudies } from "../worker/studyMessages";

export type StudyState =
  | { kind: "idle" }
  /** Share of the work that is done. */
  | { kind: "running"; done: number }
  | { kind: "over" }
  | { kind: "failed"; message: string };

type Answer = Exclude<FromStudies, { type: "ready" | "over" | "failed" }>;

/** Workers of a study at most. */
const WORKERS_MAX = 4;

/** Shares of a request for several workers: each takes its part of the runs in turn. */
export function sharesOf(request: ToStudies, processors: number): ToStudies[] {
  if (request.kind !== "curve") return [request];
  // A processor is left to the run on the page.
  const workers = Math.max(1, Math.min(WORKERS_MAX, processors - 1, request.runs.length));
  return Array.from({ length: workers }, (_, share) => ({ ...request, runs: request.runs.filter((_, index) => index % workers === share) }));
}

/** One study at a time; another one ends the one before. */
export class Study {
  readonly state: Signal<StudyState> = signal({ kind: "idle" });
  private workers: Worker[] = [];

  /** Starts a study; `onAnswer` returns the share of the work that is done. */
  start(request: ToStudies, onAnswer: (answer: Answer) => number): void {
    this.end();
    this.state.value = { kind: "running", done: 0 };
    const shares = sharesOf(request, navigator.hardwareConcurrency);
    try {
      this.workers = shares.map(() => new Worker(new URL("../worker/studies.ts", import.meta.url), { type: "module" }));
    } catch (reason) {
      return this.stop({ kind: "failed", message: String(reason) });
    }
    this.workers.forEach((worker, share) => {
      worker.onmessage = ({ data }: MessageEvent<FromStudies>) => {
        // Messages of a terminated worker may still arrive.
        if (!this.workers.includes(worker)) return;
        // Runs of a share keep their numbers of the whole.
        this.receive(data.type === "run" ? { ...data, index: data.index * shares.length + share } : data, worker, shares[share] ?? request, onAnswer);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        this.stop({ kind: "failed", message: event.message || "The worker could not be started." });
      };
    });
  }

  /** Ends the study in progress. */
  end(): void {
    this.stop({ kind: "idle" });
  }

  private stop(state: StudyState): void {
    this.workers.forEach((worker) => worker.terminate());
    this.workers = [];
    this.state.value = state;
  }

  private receive(message: FromStudies, from: Worker, request: ToStudies, onAnswer: (answer: Answer) => number): void {
    switch (message.type) {
      case "ready":
        return from.postMessage(request);
      case "over":
        from.terminate();
        this.workers = this.workers.filter((worker) => worker !== from);
        return this.workers.length === 0 ? this.stop({ kind: "over" }) : undefined;
      case "failed":
        return this.stop({ kind: "failed", message: message.message });
      case "run":
      case "looks":
      case "crash":
      case "airtime":
        this.state.value = { kind: "running", done: onAnswer(message) };
    }
  }
}
