/** The selected peer: what it knows, what it holds, and what can be done to it. */
import { hexOf } from "../ring/ids";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { count, percent } from "../ui/format";
import { Glyph } from "../ui/Glyph";
import { Icon } from "../ui/Icon";

export function Inspector() {
  const id = store.selected.value;
  if (id === null) return null;
  const peer = store.detail.value;
  return (
    <section class="inspector" aria-label="Selected peer" data-peer={hexOf(id)}>
      <header>
        <code>{hexOf(id)}</code>
        <button type="button" class="quiet icon-only" aria-label="Let go of this peer" title="Let go of this peer (Esc)" onClick={() => actions.select(null)}>
          <Icon name="close" />
        </button>
      </header>
      {peer ? (
        <>
          <dl>
            <dt><Glyph name="connected" /> Connected</dt><dd>{count(peer.connected)}</dd>
            <dt><Glyph name="pending" /> Pending</dt><dd>{count(peer.pending)}</dd>
            <dt><Glyph name="identified" /> Identified</dt><dd>{count(peer.identified)}</dd>
            <dt>Elections open</dt><dd>{count(peer.elections)}</dd>
            <dt>Token samples</dt><dd>{count(peer.samples)}</dd>
            <dt>Tokens held</dt><dd>{count(peer.tokens)}</dd>
            <dt>Reach of its arc</dt><dd>{percent(peer.reach * 2)}</dd>
          </dl>
          <div class="buttons">
            {peer.status === "crashed" ? (
              <button type="button" onClick={() => actions.injectPeer("return")}>Return</button>
            ) : (
              <>
                <button type="button" onClick={() => actions.injectPeer("crash")}>Crash</button>
                <button type="button" onClick={() => actions.injectPeer("leave")}>Leave</button>
              </>
            )}
          </div>
        </>
      ) : (
        <p class="hint">This peer is no longer here.</p>
      )}
    </section>
  );
}
