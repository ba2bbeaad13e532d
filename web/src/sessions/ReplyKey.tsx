/**
 * The one switch of document 002: the key by which the accepting side looks up where a reply goes. It turns while
 * the world runs, and what has happened since stands beside what happened before.
 */
import { computed } from "@preact/signals";
import { column } from "../charts/columns";
import { setKnob } from "../store/actions";
import * as store from "../store/store";
import { count, percent } from "../ui/format";
import type { History } from "../wasm/ringside_wasm.js";
import { durationText } from "./bars";
import { tickMs } from "./time";

const PATH = "session.reply_key";
const KEYS = { ip: "the IP", "ip-port": "IP and port" } as const;
type Key = keyof typeof KEYS;

/** Tick at which the switch was last turned; null if it never was. */
export const lastTurn = computed((): number | null => {
  const now = store.metrics.value?.tick ?? 0;
  const turns = store.commands.value.filter((command) => command.kind === "set" && command.path === PATH && command.at < now);
  return turns.at(-1)?.at ?? null;
});

/** Key in force; null if the world has none that can change. */
const present = computed((): Key | null => {
  const value = store.knobs.value.find(({ path }) => path === PATH)?.value;
  return value === "ip" || value === "ip-port" ? value : null;
});

export function ReplyKey() {
  const key = present.value;
  if (!key) return null;
  const other: Key = key === "ip" ? "ip-port" : "ip";
  return (
    <section aria-label="Key of replies" data-reply-key={key}>
      <div class="chart-head">
        <h2>The one switch</h2>
        <button type="button" onClick={() => setKnob(PATH, other)}>Look replies up by {KEYS[other]}</button>
      </div>
      <p class="subtitle">
        The accepting side looks up where a reply goes by {KEYS[key]}, and sessions are registered by the IP: {key === "ip"
          ? "it finds the session."
          : "it finds none, and a session ends after the pongs that it may miss."}
      </p>
      <Comparison />
    </section>
  );
}

const ROWS: [string, (of: (name: string) => number) => string][] = [
  ["sessions opened", (of) => count(of("sessions_opened"))],
  ["sessions ended", (of) => count(of("sessions_closed"))],
  ["pongs matched", (of) => (of("pings_sent") > 0 ? percent(of("pongs_matched") / of("pings_sent")) : "–")],
  ["replies lost", (of) => count(of("replies_lost"))],
];

/** Counts up to the last sample before the turn, and from there to the last sample. */
function Comparison() {
  const [turn, history] = [lastTurn.value, store.history.value];
  if (turn === null || !history || history.round.length === 0) return null;
  const perRound = store.run.value?.ticksPerRound ?? 1;
  const last = history.round.length - 1;
  const split = Math.max(0, history.round.findLastIndex((round) => round * perRound <= turn));
  const time = (index: number): number => (history.round[index] ?? 0) * perRound * tickMs();
  const upTo = (index: number) => (name: string): number => valueAt(history, name, index);
  const since = (name: string): number => upTo(last)(name) - upTo(split)(name);
  return (
    <table class="tight comparison" data-comparison>
      <thead>
        <tr>
          <th scope="col" />
          <th scope="col">before<br />{durationText(time(split))}</th>
          <th scope="col">since<br />{durationText(time(last) - time(split))}</th>
        </tr>
      </thead>
      <tbody>
        {ROWS.map(([name, text]) => (
          <tr key={name}><th scope="row">{name}</th><td>{text(upTo(split))}</td><td>{text(since)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}

const valueAt = (history: History, name: string, index: number): number => column(history, name)[index] ?? 0;
