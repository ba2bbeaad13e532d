/** Undecided blocks of the selected peer, with what each waits for. */
import { useEffect } from "preact/hooks";
import { hexOf, shortHex } from "../ring/ids";
import * as store from "../store/store";
import { subscribe } from "../store/workerClient";
import { count } from "../ui/format";
import { waitingOf } from "./marks";

/** Blocks listed at most. */
const LISTED = 40;

export default function PeerBlocks() {
  useEffect(() => subscribe("blocks"), []);
  const rows = store.blocks.value ? waitingOf(store.blocks.value) : [];
  if (rows.length === 0) return <p class="hint">No block waits here.</p>;
  return (
    <div class="table-scroll">
      <table class="peer-sessions">
        <thead><tr><th>block</th><th>waits for</th><th>tokens decided</th><th>votes</th><th>rounds</th></tr></thead>
        <tbody>
          {rows.slice(0, LISTED).map(({ id, age, cause, decided, tokens, votes }) => (
            <tr key={id}>
              <td><code>{shortHex(hexOf(id))}</code></td>
              <td>{cause}</td>
              <td>{tokens > 0 ? `${decided} of ${tokens}` : "–"}</td>
              <td>{count(votes)}</td>
              <td>{count(age)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > LISTED && <p class="hint">and {count(rows.length - LISTED)} more</p>}
    </div>
  );
}
