/** The selected peer: what it knows, what it holds, and what can be done to it. */
import { hexOf } from "../ring/ids";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { count } from "../ui/format";
import { Glyph } from "../ui/Glyph";
import { Icon } from "../ui/Icon";

function Actions({ crashed }: { crashed: boolean }) {
  if (crashed) return <button type="button" onClick={() => actions.injectPeer("return")}>Return</button>;
  return (
    <>
      <button type="button" onClick={() => actions.injectPeer("crash")}>Crash</button>
      <button type="button" onClick={() => actions.injectPeer("leave")}>Leave</button>
    </>
  );
}

export function Inspector() {
  const id = store.selected.value;
  if (id === null) return null;
  const peer = store.detail.value;
  return (
    <section class="card inspector" aria-label="Selected peer" data-peer={hexOf(id)}>
      <header>
        <h2>Peer</h2>
        <code>{hexOf(id)}</code>
        {peer && <span class="hint" title="Share of the ring whose tokens it may hold">arc {Math.round(peer.reach * 200)} %</span>}
        {peer?.status === "crashed" && <span class="crashed"><Glyph name="crashed" /> crashed</span>}
        {peer && <Actions crashed={peer.status === "crashed"} />}
        <button type="button" class="quiet icon-only" aria-label="Let go of this peer" title="Let go of this peer (Esc)" onClick={() => actions.select(null)}>
          <Icon name="close" />
        </button>
      </header>
      {peer ? (
        <dl class="figures">
          <div class="figure"><dt><Glyph name="connected" /> Connected</dt><dd>{count(peer.connected)}</dd></div>
          <div class="figure"><dt><Glyph name="pending" /> Pending</dt><dd>{count(peer.pending)}</dd></div>
          <div class="figure"><dt><Glyph name="identified" /> Identified</dt><dd>{count(peer.identified)}</dd></div>
          <div class="figure"><dt>Elections</dt><dd>{count(peer.elections)}</dd></div>
          <div class="figure" title="Samples of tokens that it may start elections with"><dt>Samples</dt><dd>{count(peer.samples)}</dd></div>
          <div class="figure"><dt>Tokens</dt><dd>{count(peer.tokens)}</dd></div>
        </dl>
      ) : (
        <p class="hint">This peer is no longer here.</p>
      )}
    </section>
  );
}
