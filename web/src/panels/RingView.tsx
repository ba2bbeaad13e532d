/** Ring with its legends, its tooltip and its notices. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { behaviorAt } from "../protocol/behaviors";
import { PEER_STATES } from "../protocol/peerStates";
import { hexOf, shortHex } from "../ring/ids";
import type { Pointed } from "../ring/input";
import { Ring } from "../ring/ring";
import * as actions from "../store/actions";
import { onFrame, send } from "../store/workerClient";
import * as store from "../store/store";
import { say } from "../ui/announce";
import { count, plural } from "../ui/format";
import { onColours } from "../ui/theme";
import { Barriers } from "./Barriers";
import { MessageLegend, StateLegend } from "./Legends";
import { currentRing } from "./currentRing";
import { InvariantsPill } from "./Invariants";
import { lazy } from "./lazy";

const Chords = lazy(() => import("../sessions/Chords"));

export function RingView() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const ring = useRef<Ring | null>(null);
  const tip = useSignal<Pointed | null>(null);

  useEffect(() => {
    if (!canvas.current) return;
    const made = new Ring(canvas.current, {
      frameDrawn: () => send({ type: "frameAck" }),
      select: (id) => {
        actions.select(id);
        if (id !== null) say(`Selected ${shortHex(hexOf(id))}.`);
      },
      point: (pointed) => {
        tip.value = pointed;
        if (pointed?.by === "keys") say(describe(pointed));
      },
    });
    ring.current = made;
    currentRing.value = made;
    // A small ring has room for fewer messages.
    if (canvas.current.clientWidth < 500) send({ type: "limit", messages: 180 });
    const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
    const applyMotion = (): void => made.setStill(reducedMotion.matches);
    applyMotion();
    reducedMotion.addEventListener("change", applyMotion);
    const stops = [onFrame((update) => made.show(update)), onColours(() => made.recolour())];
    return () => {
      reducedMotion.removeEventListener("change", applyMotion);
      stops.forEach((stop) => stop());
      made.destroy();
      currentRing.value = null;
    };
  }, []);
  useSignalEffect(() => {
    const run = store.run.value;
    if (run) ring.current?.begin(run.ticksPerRound, run.rounds);
  });
  useSignalEffect(() => ring.current?.select(store.selected.value));
  useSignalEffect(() => ring.current?.mark(store.marked.value));
  useSignalEffect(() => ring.current?.preview(store.preview.value));

  return (
    <section class="ring-view" aria-label="Ring" data-ready={store.run.value ? "yes" : "no"}>
      <canvas
        ref={canvas}
        class="ring"
        tabIndex={0}
        role="application"
        aria-label="Peers on the ring of 64-bit ids, clockwise from the top"
        aria-describedby="ring-help"
      />
      <p id="ring-help" class="unseen">
        Left and right arrow keys move from peer to peer, Enter selects a peer, Escape deselects it. Space plays and pauses.
      </p>
      <StateLegend />
      <MessageLegend />
      <Barriers />
      {store.hasSessions.value && <div class="corner bottom-left"><Chords /></div>}
      <InvariantsPill />
      {tip.value && <Tip pointed={tip.value} />}
      {store.loading.value && <p class="loading">{store.isSlow.value ? "Still loading the simulation. The connection is slow, or something on this network or in this browser holds it back." : "Loading the simulation…"}</p>}
      {store.opening.value !== null && (
        <p class="loading opening">
          <span role="status">{store.opening.value}</span>{" "}
          {store.run.value && <button type="button" class="link" onClick={actions.cancelOpening}>Cancel</button>}
        </p>
      )}
    </section>
  );
}

function describe(pointed: Pointed): string {
  return `Peer ${shortHex(hexOf(pointed.id))}, ${stateText(pointed)}, ${plural(pointed.connected, "Connected peer")}`;
}

function stateText({ status, behavior }: Pointed): string {
  return `${PEER_STATES[status]?.label ?? ""}${behavior === 0 ? "" : `, ${behaviorAt(behavior)}`}`;
}

function Tip({ pointed }: { pointed: Pointed }) {
  // Below the peer if there is no room above, and within the sides.
  const below = pointed.y < 96 ? " below" : "";
  return (
    <div class={`tip${below}`} style={{ left: `clamp(112px, ${pointed.x}px, calc(100% - 112px))`, top: `${pointed.y}px` }} aria-hidden="true">
      <code>{hexOf(pointed.id)}</code>
      <span>{stateText(pointed)} · {plural(pointed.connected, "Connected peer")}</span>
      {pointed.sharing > 1 && <span>one of {count(pointed.sharing)} peers in this direction</span>}
    </div>
  );
}
