/** Sessions of the selected peer, those alive first, then the latest ones that it dialled and that have ended. */
import { useEffect } from "preact/hooks";
import { hexOf, shortHex } from "../ring/ids";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { subscribe } from "../store/workerClient";
import { count } from "../ui/format";
import { durationText, sessionsOf } from "./bars";
import { tickMs } from "./time";

/** Sessions listed at most. */
const LISTED = 40;

export default function PeerSessions() {
  useEffect(() => subscribe("sessions"), []);
  const [rows, id] = [store.sessions.value, store.selected.value];
  if (!rows || id === null) return <p class="hint">No session so far.</p>;
  const found = sessionsOf(rows, id, store.metrics.value?.tick ?? 0);
  if (found.length === 0) return <p class="hint">No session so far.</p>;
  return (
    <div class="table-scroll">
      <table class="peer-sessions">
        <thead><tr><th>peer</th><th>direction</th><th>state</th><th>age</th><th>number</th><th>pings waiting</th></tr></thead>
        <tbody>
          {found.slice(0, LISTED).map(({ peer, direction, state, age, generation, pings }) => (
            <tr key={`${direction}-${generation}`} data-session={state}>
              <td>{peer === null ? "unknown" : <button type="button" class="chip" onClick={() => actions.select(peer)}><code>{shortHex(hexOf(peer))}</code></button>}</td>
              <td>{direction}</td>
              <td>{state}</td>
              <td>{age === null ? "–" : durationText(age * tickMs())}</td>
              <td>{count(generation)}</td>
              <td>{count(pings)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.length > LISTED && <p class="hint">and {count(found.length - LISTED)} more</p>}
    </div>
  );
}
