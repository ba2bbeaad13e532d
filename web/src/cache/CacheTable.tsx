/** The cache of a host as a table: entries in the order of dials, reasons of ranks, outcomes of dials. */
import { useEffect } from "preact/hooks";
import { shortHex } from "../ring/ids";
import { durationText } from "../sessions/bars";
import { select } from "../store/actions";
import * as store from "../store/store";
import { subscribe } from "../store/workerClient";
import { count, plural } from "../ui/format";
import type { CacheRow, CacheView, DialState, RankKey } from "../wasm/ringside_wasm.js";

const DIALS: Record<DialState, string> = {
  waiting: "waits for its turn", dialing: "is dialled", connected: "session", "other-peer": "another peer answered", "timed-out": "no answer",
  refused: "refused", undialable: "cannot be dialled", "over-budget": "time was over",
};

export const ago = (seconds: number): string => (seconds >= 172_800 ? plural(Math.round(seconds / 86_400), "day") : durationText(seconds * 1000));
const share = (millionths: number): string => (millionths / 1_000_000).toFixed(2);

/** Reason of a rank: what the entry above has more of. */
function reason(key: RankKey | null, row: CacheRow): string {
  const success = row.success_s === null ? "no session known" : `session ${ago(row.success_s)} ago`;
  switch (key) {
    case null:
      return "the first";
    case "relay":
      return "does not relay";
    case "reliability":
      return `less reliable: ${share(row.reliability)}`;
    case "last-success":
      return `earlier: ${success}`;
    case "last-seen":
      return `seen earlier: ${ago(row.seen_s)} ago`;
    case "id":
      return "as good; greater id";
    case "file":
      return "as good; order of the file";
  }
}

const ORDERS = {
  reliability: "peers that relay come first, then the more reliable ones",
  "last-success": "the latest session comes first, then the latest sight, then the lower id",
};

export function CacheTable() {
  useEffect(() => subscribe("cache"), []);
  const view = store.cache.value;
  if (!view) return null;
  return (
    <figure class="chart" data-chart="cache-table" data-rows={view.rows.length}>
      <div class="chart-head"><h2>The cache of {shortHex(view.host)}</h2></div>
      <p class="subtitle">In the order of dials: {ORDERS[view.ranking]}</p>
      {view.rows.length > 0 && <Rows view={view} />}
      <figcaption><span>{sentence(view)}</span></figcaption>
    </figure>
  );
}

function sentence(view: CacheView): string {
  if (!view.is_loaded) {
    return `${shortHex(view.host)} has read no file: a save now would keep ${plural(view.entries, "peer")}${view.entries > 0 ? ", to be dialled in this order" : ""}.`;
  }
  const dialled = view.rows.filter(({ dial }) => dial !== null && dial !== "waiting" && dial !== "over-budget");
  const hits = dialled.filter(({ dial }) => dial === "connected").length;
  return `At its start it has read ${plural(view.entries, "entry", "entries")}: of ${plural(dialled.length, "dial")}, ${count(hits)} led to a session.`;
}

function Rows({ view }: { view: CacheView }) {
  return (
    <div class="table-scroll" role="region" aria-label="Entries of the cache" tabIndex={0}>
      <table class="picture-table">
        <thead><tr><th>rank</th><th>peer</th><th>why not higher</th><th>dial</th><th>relays</th><th>reliability</th><th>transfers</th><th>seen</th></tr></thead>
        <tbody>
          {view.rows.map((row, index) => (
            <tr key={index} data-rank={index + 1} data-dial={row.dial ?? "none"}>
              <td class="number">{index + 1}</td>
              <td>{row.peer === null ? "unknown" : <Peer id={row.peer} address={row.address} />}</td>
              <td>{reason(row.decided_by, row)}</td>
              <td>{row.dial === null ? (view.is_loaded ? "not tried" : "–") : DIALS[row.dial]}</td>
              <td>{row.relays ? "yes" : "no"}</td>
              <td class="number">{share(row.reliability)}</td>
              <td>{count(row.successes)}{row.failures > 0 && `, ${count(row.failures)} failed`}</td>
              <td>{ago(row.seen_s)} ago</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Peer({ id, address }: { id: string; address: string }) {
  return (
    <button type="button" class="chip" title={address} aria-label={`Select ${shortHex(id)}`} onClick={() => select(BigInt(`0x${id}`))}>
      <code>{shortHex(id)}</code>
    </button>
  );
}
