/** Peer caches of document 003: figures, the table of a host and its life, hits over downtime, crashes. */
import { Figure } from "../panels/Figure";
import * as store from "../store/store";
import { count, percent } from "../ui/format";
import type { CacheMetrics } from "../wasm/ringside_wasm.js";
import { durationText } from "../sessions/bars";
import { CacheLife } from "./CacheLife";
import { CacheTable } from "./CacheTable";
import { CrashTest } from "./CrashTest";
import { HitCurve } from "./HitCurve";
import "./cache.css";

const duration = (ms: number | null): string => (ms === null ? "–" : durationText(ms));
const share = (value: number | null): string => (value === null ? "–" : percent(value));

export default function PeerCache() {
  const found = store.metrics.value?.cache;
  return found ? (
    <>
      <Files found={found} />
      <Starts found={found} />
      <CacheTable />
      <CacheLife />
      <HitCurve />
      <CrashTest />
    </>
  ) : null;
}

function Files({ found }: { found: CacheMetrics }) {
  return (
    <section aria-label="Peer caches">
      <h2>Peer caches</h2>
      <dl class="figures">
        <Figure name="saves" value={count(found.saves)} />
        <Figure name="refused" value={count(found.saves_failed)} title="Saves that the disk refused: it was full or read-only" />
        <Figure name="entries" value={count(found.entries)} title="Entries of the file that was saved last" />
        <Figure name="read" value={count(found.loads)} />
        <Figure name="damaged" value={count(found.corrupt)} title="Files that could not be read" />
        <Figure name="stale" value={count(found.stale_dropped)} title="Entries that were too old when a file was read" />
        <Figure name="longest save" value={duration(found.save_ms)} />
        <Figure name="transfers" value={`${count(found.transfers)} and ${count(found.transfers_failed)} failed`} />
      </dl>
    </section>
  );
}

function Starts({ found }: { found: CacheMetrics }) {
  const ended = Object.values<number>({ ...found.starts }).reduce((sum, starts) => sum + starts, 0);
  return (
    <section aria-label="Starts from the cache">
      <h2>Starts</h2>
      <dl class="figures">
        <Figure name="hits" value={share(found.hit_rate_true)} share={found.hit_rate_true ?? 0} title="Tries of cached addresses that led to a session with the expected peer" />
        <Figure name="hits as reported" value={share(found.hit_rate_reported)} share={found.hit_rate_reported ?? 0} title="The share that version 1 reports: tries that were queued" />
        <Figure name="tries" value={`${count(found.succeeded)} of ${count(found.attempted)}`} />
        <Figure name="warm starts with a hit" value={`${count(found.starts.success)} of ${count(ended)}`} title="Starts of hosts that have run before, after which a cached peer had a session" />
        <Figure name="first session after" value={duration(found.first_session_ms)} />
        <Figure name="fifth session after" value={duration(found.fifth_session_ms)} />
        <Figure name="all tries after" value={duration(found.settled_ms)} />
        <Figure name="published dials" value={count(found.bootstrap_dials)} title="Dials of published addresses by hosts that have started again" />
        <Figure name="scores kept" value={share(found.score_agreement)} title="Kendall's tau between the scores of the file and those in memory after a start" />
      </dl>
    </section>
  );
}
