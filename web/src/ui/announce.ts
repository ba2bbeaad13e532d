/** Announcements for screen readers. */
import { effect, signal } from "@preact/signals";
import { commandText } from "../commands/table";
import { violations } from "../store/invariants";
import * as store from "../store/store";
import { count, percent } from "./format";
import { throttle } from "./throttle";

export const spoken = signal("");

/** Announces a text, at most one every two seconds. */
export const say = throttle<string>(2000, (text) => (spoken.value = text));

/** Announces commands, steps, pauses, violations and reproductions; returns the function that stops it. */
export function announceEvents(): () => void {
  let commands = 0;
  let mode = "paused";
  let tick: number | undefined;
  let known = new Set<string>();
  const stops = [
    effect(() => {
      const list = store.commands.value;
      const newest = list.at(-1);
      if (newest && list.length > commands && store.run.peek()) say(`Tick ${count(newest.at)}: ${commandText(newest)}.`);
      commands = list.length;
    }),
    effect(() => {
      const { value: metrics } = store.metrics;
      // A step: the run was paused before and is now.
      const isStep = mode === "paused" && store.mode.peek().kind === "paused" && tick !== undefined && tick !== metrics?.tick;
      tick = metrics?.tick;
      if (isStep && metrics) say(`Round ${count(metrics.rounds)}, tick ${count(metrics.tick)}.`);
    }),
    effect(() => {
      const kind = store.mode.value.kind;
      const metrics = store.metrics.peek();
      if (kind === "paused" && mode !== "paused" && metrics) {
        say(`Paused at round ${count(metrics.rounds)}. Answer rate: ${percent(metrics.answer_share)}.`);
      }
      mode = kind;
    }),
    effect(() => {
      const list = violations.value;
      const fresh = list.find(({ id }) => !known.has(id));
      known = new Set(list.map(({ id }) => id));
      // Toasts are announced too.
      if (fresh) store.toast.value = { text: `Tick ${count(fresh.tick)}: ${fresh.id} is violated. ${fresh.text}.` };
    }),
    effect(() => {
      const status = store.reproduction.value;
      if (status.kind === "reproduced") say(`Reproduced, bit for bit, at tick ${count(status.tick)}.`);
      if (status.kind === "differs") say(`Differs between tick ${count(status.same_until)} and ${count(status.tick)}.`);
    }),
  ];
  return () => stops.forEach((stop) => stop());
}
