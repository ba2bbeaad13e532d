/** Sessions of document 002: figures, a chart of every pair over time, and lifetimes. */
import { computed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Bars } from "../charts/Bars";
import { usePainted } from "../charts/usePainted";
import { Figure } from "../panels/Figure";
import { hexOf, shortHex } from "../ring/ids";
import * as store from "../store/store";
import { subscribe } from "../store/workerClient";
import { count, percent, plural } from "../ui/format";
import type { SessionMetrics } from "../wasm/ringside_wasm.js";
import { busiest, durationText, lifetimes, pairsOf, type Pair } from "./bars";
import { Forks } from "./Forks";
import { ROW, paint } from "./paint";
import { ReplyKey, lastTurn } from "./ReplyKey";
import { tickMs } from "./time";

/** Pairs shown at most. */
const PAIRS = 45;
const BINS = 24;

const duration = (ms: number | null | undefined): string => (ms === null || ms === undefined ? "–" : durationText(ms));
const nameOf = (id: bigint): string => shortHex(hexOf(id));

export default function Sessions() {
  useEffect(() => subscribe("sessions"), []);
  const found = store.metrics.value?.sessions;
  if (!found) return null;
  return (
    <>
      <Figures found={found} />
      <ReplyKey />
      <SessionChart found={found} />
      <Forks />
      <LifetimeChart />
    </>
  );
}

function Figures({ found }: { found: SessionMetrics }) {
  const sync = store.metrics.value?.sync;
  return (
    <section aria-label="Sessions">
      <h2>Sessions</h2>
      <dl class="figures">
        <Figure name="open" value={count(found.live)} />
        <Figure name="opened" value={count(found.opened)} />
        <Figure name="ended" value={count(found.closed)} />
        <Figure name="pairs without" value={count(found.pairs_without_session)} title="Pairs of running hosts, one of which has the other on its list, that share no session" />
        <Figure name={found.closed > 0 ? "median lifetime" : "median age"} value={duration(found.lifetime_ms.p50)} title={found.closed > 0 ? "Of the sessions that have ended" : "Of the open sessions: none has ended"} />
        <Figure name="pongs matched" value={found.pings_sent > 0 ? percent(found.pongs_matched / found.pings_sent) : "–"} />
        <Figure name="replies lost" value={count(found.replies_lost)} title="Replies whose key is not registered" />
        <Figure name="dials" value={count(found.dials)} />
        <Figure name="registry" value={`${count(found.registry_entries)} for ${count(found.distinct_addresses)}`} title="Entries of the registries, and distinct addresses among them" />
        {sync && <Figure name="heights" value={`${count(sync.height_min)} to ${count(sync.height_max)}`} title="Least and greatest height of a running host" />}
        {sync && <Figure name="blocks" value={`${count(sync.blocks_produced)} of ${count(sync.slots)}`} title="Slots of production with a block" />}
      </dl>
    </section>
  );
}

/** Pairs that are shown, and the ticks between which they are. */
const chart = computed((): { pairs: Pair[]; all: number; open: number; range: [number, number] } => {
  const rows = store.sessions.value;
  const now = store.metrics.value?.tick ?? 0;
  const all = rows ? pairsOf(rows, now) : [];
  const pairs = busiest(all, PAIRS);
  const from = pairs.reduce((least, { bars }) => Math.min(least, bars[0]?.from ?? now), now);
  const open = all.filter(({ bars }) => bars.some(({ isOpen }) => isOpen)).length;
  return { pairs, all: all.length, open, range: [from, Math.max(now, from + 1)] };
});

function SessionChart({ found }: { found: SessionMetrics }) {
  const { pairs, all, open, range } = chart.value;
  const canvas = usePainted((ctx, palette) => {
    paint(ctx, chart.value.pairs, chart.value.range, ctx.canvas.clientWidth, palette, lastTurn.value);
  });
  const rest = all > pairs.length ? ` The ${count(pairs.length)} pairs with the most sessions are shown.` : "";
  const [from, to] = range.map((tick) => durationText(tick * tickMs()));
  return (
    <figure class="chart sessions" data-chart="sessions" data-pairs={pairs.length}>
      <div class="chart-head"><h2>Sessions over time</h2></div>
      <p class="subtitle">A row is a pair of hosts, time goes to the right, and a bar is one session</p>
      <ul class="legend" aria-label="Bars">
        <li><i class="swatch filled c-connected" />open now</li>
        <li><i class="swatch filled c-pending" />ended</li>
        {lastTurn.value !== null && <li>dashed line: the switch was turned</li>}
      </ul>
      <div class="sessions-plot">
        <ol aria-hidden="true" style={{ lineHeight: `${ROW}px` }}>
          {pairs.map(({ a, b }) => <li key={`${a}-${b}`}>{nameOf(a)} {nameOf(b)}</li>)}
        </ol>
        <canvas ref={canvas} role="img" aria-label="Sessions by pair of hosts and by time" style={{ height: `${pairs.length * ROW}px` }} />
        <div class="sessions-axis" aria-hidden="true"><span>{from}</span><span>{to}</span></div>
      </div>
      <figcaption>
        <span>
          {plural(all, "pair has had a session", "pairs have had sessions")}, {count(open)} of them {open === 1 ? "has" : "have"} one
          now. {found.closed > 0
            ? `Half of those that ended lived ${duration(found.lifetime_ms.p50)} or less, the longest ${duration(found.lifetime_ms.max)}.`
            : "None has ended."}{rest}
        </span>
      </figcaption>
    </figure>
  );
}

function LifetimeChart() {
  const rows = store.sessions.value;
  if (!rows) return null;
  const { width, counts } = lifetimes(rows, BINS);
  const ended = counts.reduce((sum, value) => sum + value, 0);
  if (ended === 0) return <p class="hint">No session has ended so far.</p>;
  const at = (bin: number): string => durationText(bin * width * tickMs());
  const most = counts.indexOf(Math.max(...counts));
  return (
    <Bars
      testId="lifetimes"
      title="Lifetimes of sessions"
      subtitle="Sessions that have ended, by how long they were open"
      sentence={`Of the latest ${plural(ended, "session")}, ${count(counts[most] ?? 0)} lived ${at(most)} to ${at(most + 1)}.`}
      unit="lifetime"
      bars={{ label: "sessions", values: counts }}
      curves={[]}
      axis={[at(0), at(BINS / 2), at(BINS)]}
      bin={(index) => `${at(index)} to ${at(index + 1)}`}
      format={count}
    />
  );
}
