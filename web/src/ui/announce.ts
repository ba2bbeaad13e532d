/** What a screen reader is told: little, and seldom. */
import { effect, signal } from "@preact/signals";
import { commandText } from "../panels/commands";
import { violations } from "../store/invariants";
import * as store from "../store/store";
import { count, percent } from "./format";
import { throttle } from "./throttle";

export const spoken = signal("");

/** At most one message every two seconds: a polite region that talks all the time is a rude one. */
export const say = throttle<string>(2000, (text) => (spoken.value = text));

/** Speak of what matters as it happens; returns how to stop. */
export function narrate(): () => void {
  let commands = 0;
  let mode = "paused";
  let known = new Set<string>();
  const stops = [
    effect(() => {
      const list = store.commands.value;
      const newest = list.at(-1);
      if (newest && list.length > commands && store.run.peek()) say(`Tick ${count(newest.at)}: ${commandText(newest)}.`);
      commands = list.length;
    }),
    effect(() => {
      const kind = store.mode.value.kind;
      const metrics = store.metrics.peek();
      if (kind === "paused" && mode !== "paused" && metrics) {
        say(`Paused at round ${count(metrics.rounds)}. Answers of all messages: ${percent(metrics.answer_share)}.`);
      }
      mode = kind;
    }),
    effect(() => {
      const list = violations.value;
      const fresh = list.find(({ id }) => !known.has(id));
      known = new Set(list.map(({ id }) => id));
      // A toast is spoken too.
      if (fresh) store.toast.value = { text: `Tick ${count(fresh.tick)}: ${fresh.id} is violated. ${fresh.text}.` };
    }),
    effect(() => {
      const verdict = store.verdict.value;
      if (verdict.kind === "reproduced") say(`Reproduced, bit for bit, at tick ${count(verdict.tick)}.`);
      if (verdict.kind === "differs") say(`Differs between tick ${count(verdict.same_until)} and ${count(verdict.tick)}.`);
    }),
  ];
  return () => stops.forEach((stop) => stop());
}
