/** Scores that the selected peer keeps of others, with their parts, the worst first; a chunk of its own. */
import { hexOf, shortHex } from "../ring/ids";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { peersInView } from "../store/workerClient";
import { count, mean, percent } from "../ui/format";

/** Maximum number of scores that are listed. */
const LISTED = 20;

export default function Scores() {
  const { detail } = peersInView();
  if (store.frameTick.value === null || !detail) return null;
  const { peer, quality, queries, points, invitations } = detail.scores;
  if (peer.length === 0) return <p class="hint">It scores nobody: no rule of this scenario reads scores, or it has asked nobody yet.</p>;
  const worst = [...peer.keys()].sort((a, b) => (quality[a] ?? 0) - (quality[b] ?? 0)).slice(0, LISTED);
  return (
    <table class="scores">
      <caption class="hint">Quality compares what a peer earns with what the mean peer earns with as many queries; the worst first.</caption>
      <thead>
        <tr><th>Peer</th><th>Quality</th><th title="Queries whose result is known, and the cost of faults; old ones fade">Queries</th><th title="Worth of its replies, in Answers without delay">Earned</th><th title="Invitations within a hundred rounds">Invitations</th></tr>
      </thead>
      <tbody>
        {worst.map((i) => {
          const id = peer[i] ?? 0n;
          const hex = hexOf(id);
          return (
            <tr key={id}>
              <td><button type="button" class="chip" aria-label={`Select ${shortHex(hex)}`} title={hex} onClick={() => actions.select(id)}><code>{shortHex(hex)}</code></button></td>
              <td>{percent((quality[i] ?? 0) / 1000)}</td>
              <td>{count(queries[i] ?? 0)}</td>
              <td>{mean((points[i] ?? 0) / 1000)}</td>
              <td>{count(invitations[i] ?? 0)}</td>
            </tr>
          );
        })}
      </tbody>
      {peer.length > LISTED && <tfoot><tr><td colSpan={5} class="hint">and {count(peer.length - LISTED)} more</td></tr></tfoot>}
    </table>
  );
}
