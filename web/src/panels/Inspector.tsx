/** Inspector of the selected peer: its tables, storage and behavior, and the commands for it. */
import { useSignal } from "@preact/signals";
import { BEHAVIORS } from "../protocol/behaviors";
import { openForm } from "../commands/focus";
import { clockText } from "../commands/words";
import { hexOf } from "../ring/ids";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { count } from "../ui/format";
import { Glyph } from "../ui/Glyph";
import { Icon } from "../ui/Icon";
import { lazy } from "./lazy";
import type { PeerDetail } from "../wasm/ringside_wasm.js";

const Contacts = lazy(() => import("./Contacts"));
const PeerBlocks = lazy(() => import("../blocks/PeerBlocks"));
const PeerSessions = lazy(() => import("../sessions/PeerSessions"));

/** List that is made on demand. */
function List({ name, View }: { name: string; View: () => preact.JSX.Element | null }) {
  const open = useSignal(false);
  return (
    <details class="section contacts" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary><span>{name}</span></summary>
      {open.value && <View />}
    </details>
  );
}

function Actions({ peer }: { peer: PeerDetail }) {
  const button = (name: string, kind: Parameters<typeof actions.injectPeer>[0]) => (
    <button type="button" onClick={() => actions.injectPeer(kind)}>{name}</button>
  );
  return (
    <div class="line actions" role="group" aria-label="Commands for this peer">
      {peer.status === "running" && button("Crash", "crash")}
      {peer.status === "running" && button("Pause", "pause")}
      {peer.status === "crashed" && button("Return", "return")}
      {peer.status === "paused" && button("Resume", "resume")}
      {button("Isolate", "isolate")}
      {peer.behavior === "honest"
        ? <button type="button" onClick={() => openForm("corrupt")}>Corrupt…</button>
        : <button type="button" onClick={() => actions.inject({ kind: "corrupt", peer: peer.id, conduct: "honest" })}>Make honest</button>}
      {button("Leave", "leave")}
    </div>
  );
}

/** Properties that deviate from those of a running, honest peer with a correct clock. */
function Deviations({ peer }: { peer: PeerDetail }) {
  const clock = clockText(peer.skew, peer.rate);
  if (peer.status === "running" && peer.behavior === "honest" && clock === "right") return null;
  return (
    <ul class="deviations">
      {peer.status !== "running" && <li data-odd={peer.status}><Glyph name={peer.status} /> {peer.status}</li>}
      {clock !== "right" && <li data-odd="clock">clock {clock}</li>}
      {peer.behavior !== "honest" && <li data-odd="behavior"><Glyph name="adversary" /> <b>{peer.behavior}</b> <span>{BEHAVIORS[peer.behavior]}</span></li>}
    </ul>
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
        <button type="button" class="quiet icon-only" aria-label="Deselect" title="Deselect (Esc)" onClick={() => actions.select(null)}>
          <Icon name="close" />
        </button>
      </header>
      {peer ? (
        <>
          <Deviations peer={peer} />
          {store.hasLifecycle.value && <dl class="figures">
            <div class="figure"><dt><Glyph name="connected" /> Connected</dt><dd>{count(peer.connected)}</dd></div>
            <div class="figure"><dt><Glyph name="pending" /> Pending</dt><dd>{count(peer.pending)}</dd></div>
            <div class="figure"><dt><Glyph name="identified" /> Identified</dt><dd>{count(peer.identified)}</dd></div>
            <div class="figure"><dt>Elections</dt><dd>{count(peer.elections)}</dd></div>
            <div class="figure" title="Tokens that it can start elections with"><dt>Samples</dt><dd>{count(peer.samples)}</dd></div>
            <div class="figure"><dt>Tokens</dt><dd>{count(peer.tokens)}</dd></div>
          </dl>}
          {store.hasLifecycle.value && <List name="Contacts" View={Contacts} />}
          {store.metrics.value?.sessions && <List name="Sessions" View={PeerSessions} />}
          {store.metrics.value?.blocks && <List name="Undecided blocks" View={PeerBlocks} />}
          <Actions peer={peer} />
        </>
      ) : (
        <p class="hint">This peer has left.</p>
      )}
    </section>
  );
}
