/**
 * The one switch of document 002: the key by which the accepting side looks up where a reply goes. It turns while
 * the world runs, and what has happened since stands beside what happened before.
 */
import { computed, signal } from "@preact/signals";
import { setKnob } from "../store/actions";
import * as store from "../store/store";
import { count, percent } from "../ui/format";
import type { SessionMetrics } from "../wasm/ringside_wasm.js";
import { durationText } from "./bars";
import { tickMs } from "./time";

const PATH = "session.reply_key";
const KEYS = { ip: "the IP", "ip-port": "IP and port" } as const;
type Key = keyof typeof KEYS;

interface Turn {
  tick: number;
  preset: string;
  seed: string;
  found: SessionMetrics;
}

/** Last turn of the switch. */
const turned = signal<Turn | null>(null);

/** Last turn, if it belongs to this run and lies before the present tick. */
export const lastTurn = computed((): Turn | null => {
  const [turn, now] = [turned.value, store.metrics.value];
  const isOfRun = turn?.preset === now?.preset && turn?.seed === now?.seed && (turn?.tick ?? 0) < (now?.tick ?? 0);
  return isOfRun ? turn : null;
});

/** Key in force; null if the world has none that can change. */
const present = computed((): Key | null => {
  const value = store.knobs.value.find(({ path }) => path === PATH)?.value;
  return value === "ip" || value === "ip-port" ? value : null;
});

export function ReplyKey({ found }: { found: SessionMetrics }) {
  const key = present.value;
  if (!key) return null;
  const other: Key = key === "ip" ? "ip-port" : "ip";
  const turn = (): void => {
    const now = store.metrics.value;
    if (now) turned.value = { tick: now.tick, preset: now.preset, seed: now.seed, found };
    setKnob(PATH, other);
  };
  return (
    <section aria-label="Key of replies" data-reply-key={key}>
      <div class="chart-head">
        <h2>The one switch</h2>
        <button type="button" class="small" onClick={turn}>Look replies up by {KEYS[other]}</button>
      </div>
      <p class="subtitle">
        The accepting side looks up where a reply goes by {KEYS[key]}, and sessions are registered by the IP: {key === "ip"
          ? "every pong finds its way."
          : "no pong finds its way, and a session ends after the pongs that it may miss."}
      </p>
      <Comparison found={found} />
    </section>
  );
}

function Comparison({ found }: { found: SessionMetrics }) {
  const turn = lastTurn.value;
  const now = store.metrics.value;
  if (!turn || !now) return null;
  const since = difference(found, turn.found);
  const rows: [string, (of: Pick<SessionMetrics, Counted>) => string][] = [
    ["sessions opened", (of) => count(of.opened)],
    ["sessions ended", (of) => count(of.closed)],
    ["pongs matched", (of) => (of.pings_sent > 0 ? percent(of.pongs_matched / of.pings_sent) : "–")],
    ["replies lost", (of) => count(of.replies_lost)],
  ];
  return (
    <table data-comparison>
      <thead>
        <tr>
          <th scope="col" />
          <th scope="col">before, {durationText(turn.tick * tickMs())}</th>
          <th scope="col">since, {durationText((now.tick - turn.tick) * tickMs())}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, text]) => (
          <tr key={name}><th scope="row">{name}</th><td>{text(turn.found)}</td><td>{text(since)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}

const COUNTED = ["opened", "closed", "pings_sent", "pongs_matched", "replies_lost"] as const;
type Counted = (typeof COUNTED)[number];

function difference(now: SessionMetrics, then: SessionMetrics): Record<Counted, number> {
  return Object.fromEntries(COUNTED.map((name) => [name, now[name] - then[name]])) as Record<Counted, number>;
}
