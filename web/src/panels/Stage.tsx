/** The ring with what surrounds it: legends that count, the tip under the pointer, the selected peer. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { conductAt } from "../disturb/conducts";
import { hexOf, shortHex } from "../ring/ids";
import type { Pointed } from "../ring/input";
import { Ring } from "../ring/ring";
import * as actions from "../store/actions";
import { listenToShots, send } from "../store/wire";
import * as store from "../store/store";
import { say } from "../ui/announce";
import { count, plural } from "../ui/format";
import { onColours } from "../ui/theme";
import { Barriers } from "./Barriers";
import { MessageLegend, StateLegend } from "./Legends";
import { ringOnPage } from "./ringOnPage";
import { WatchPill } from "./Watch";

export const STATES = ["alone", "Identified", "Pending", "Connected", "crashed", "paused"] as const;

export function Stage() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const ring = useRef<Ring | null>(null);
  const tip = useSignal<Pointed | null>(null);

  useEffect(() => {
    if (!canvas.current) return;
    const made = new Ring(canvas.current, {
      drawn: () => send({ type: "drawn" }),
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
    ringOnPage.value = made;
    // A small ring has room for fewer messages.
    if (canvas.current.clientWidth < 500) send({ type: "limit", messages: 180 });
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const settle = (): void => made.still(calm.matches);
    settle();
    calm.addEventListener("change", settle);
    const stops = [listenToShots((shot) => made.show(shot)), onColours(() => made.recolour())];
    return () => {
      calm.removeEventListener("change", settle);
      stops.forEach((stop) => stop());
      made.destroy();
      ringOnPage.value = null;
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
    <section class="stage" aria-label="The ring" data-ready={store.run.value ? "yes" : "no"}>
      <canvas
        ref={canvas}
        class="ring"
        tabIndex={0}
        role="application"
        aria-label="Peers on the ring of 64-bit ids, clockwise from the top"
        aria-describedby="ring-help"
      />
      <p id="ring-help" class="unseen">
        Left and right arrow keys walk from peer to peer, Enter selects one, Escape lets go of it. Space plays and pauses.
      </p>
      <StateLegend />
      <MessageLegend />
      <Barriers />
      <WatchPill />
      {tip.value && <Tip pointed={tip.value} />}
      {store.loading.value && <p class="loading">Loading the simulation…</p>}
      {store.opening.value !== null && <p class="loading opening" role="status">{store.opening.value}</p>}
    </section>
  );
}

function describe(pointed: Pointed): string {
  return `Peer ${shortHex(hexOf(pointed.id))}, ${whatItIs(pointed)}, ${plural(pointed.connected, "Connected peer")}`;
}

function whatItIs({ status, conduct }: Pointed): string {
  return `${STATES[status] ?? ""}${conduct === 0 ? "" : `, ${conductAt(conduct)}`}`;
}

function Tip({ pointed }: { pointed: Pointed }) {
  // Below where there is no room above, and never beyond the sides.
  const below = pointed.y < 96 ? " below" : "";
  return (
    <div class={`tip${below}`} style={{ left: `clamp(112px, ${pointed.x}px, calc(100% - 112px))`, top: `${pointed.y}px` }} aria-hidden="true">
      <code>{hexOf(pointed.id)}</code>
      <span>{whatItIs(pointed)} · {plural(pointed.connected, "Connected peer")}</span>
      {pointed.sharing > 1 && <span>one of {count(pointed.sharing)} in this direction</span>}
    </div>
  );
}
