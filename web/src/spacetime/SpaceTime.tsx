/** Space-time diagram of the ring, from the core: exact for its rounds, whatever was drawn. */
import { computed, effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { readPalette } from "../ring/palette";
import { STATUS } from "../protocol/peerStates";
import { hexOf, shortHex } from "../ring/ids";
import * as store from "../store/store";
import { onFrame, subscribe } from "../store/workerClient";
import { count, plural } from "../ui/format";
import { throttle } from "../ui/throttle";
import { onColours } from "../ui/theme";
import type { Frame } from "../wasm/ringside_wasm.js";
import { columnsOf, widthOf } from "./diagram";
import { paint, paintMarks } from "./paint";

const sentence = signal("No frame has been drawn yet.");
/** Describes frames at most five times a second. */
const publish = throttle<Frame>(200, (frame) => (sentence.value = describe(frame)));

function describe(frame: Frame): string {
  let least = -1;
  let crashed = 0;
  frame.status.forEach((status, i) => {
    if (status === STATUS.crashed) crashed += 1;
    else if (least < 0 || (frame.connected[i] ?? 0) < (frame.connected[least] ?? 0)) least = i;
  });
  const gone = crashed > 0 ? `; ${plural(crashed, "peer")} crashed (grey)` : "";
  const id = frame.peerId[least];
  if (id === undefined) return "No peer is running.";
  return `${shortHex(hexOf(id))}… has the fewest Connected peers, ${count(frame.connected[least] ?? 0)}${gone}.`;
}

const marks = computed(() => {
  const perRound = store.run.value?.ticksPerRound ?? 1;
  return store.commands.value.map((command) => command.at / perRound);
});

export function SpaceTime() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const ctx = canvas.current?.getContext("2d");
    if (!ctx) return;
    let palette = readPalette(document.body);
    const draw = (): void => {
      const diagram = store.ringHistory.value;
      const rounds = store.run.value?.rounds ?? 0;
      if (!diagram) return ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
      ctx.canvas.width = widthOf(diagram, rounds);
      ctx.canvas.height = diagram.rows;
      ctx.canvas.dataset.columns = String(columnsOf(diagram));
      paint(ctx, diagram, palette);
      const end = columnsOf(diagram) * diagram.roundsPerColumn;
      paintMarks(ctx, diagram, marks.value.filter((round) => round < end), palette);
    };
    const stops = [
      subscribe("ring"),
      effect(draw),
      onFrame(({ frame }) => publish(frame)),
      onColours(() => {
        palette = readPalette(document.body);
        draw();
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }, []);
  return (
    <figure class="chart spacetime">
      <div class="chart-head"><h2>Ring over time</h2></div>
      <p class="subtitle">A row is a position on the ring, a column a moment; the stronger the colour, the more Connected peers</p>
      <div class="spacetime-plot">
        <span aria-hidden="true">0000…</span>
        <span aria-hidden="true">8000…</span>
        <span aria-hidden="true">ffff…</span>
        <canvas ref={canvas} role="img" aria-label="Connected peers by position on the ring and by round" />
      </div>
      <figcaption><span>{sentence.value}</span></figcaption>
    </figure>
  );
}
