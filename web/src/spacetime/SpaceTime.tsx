/** The ring over time as a figure. Recording goes on whether the figure is on the page or not. */
import { computed, effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { readPalette } from "../ring/palette";
import { hexOf, shortHex } from "../ring/ids";
import * as store from "../store/store";
import { listenToShots } from "../store/wire";
import { count, plural } from "../ui/format";
import { throttle } from "../ui/throttle";
import { onColours } from "../ui/theme";
import type { Frame } from "../wasm/ringside_wasm.js";
import { paint, paintMarks } from "./paint";
import { COLUMNS, Recorder, ROWS } from "./recorder";

const recorder = new Recorder();
/** Counts what was recorded, so that the figure knows when to paint. */
const version = signal(0);
const sentence = signal("Nothing has been seen yet.");
/** Milliseconds between paintings: an image of time need not be redrawn sixty times a second. */
const tell = throttle<Frame>(200, (frame) => {
  version.value += 1;
  sentence.value = describe(frame);
});

/** Record from now on; returns how to stop. */
export function recordRing(): () => void {
  const stops = [
    effect(() => {
      const run = store.run.value;
      if (run) recorder.begin(run.rounds);
    }),
    listenToShots(({ frame }) => {
      recorder.record(frame, Math.floor(frame.tick / (store.run.peek()?.ticksPerRound ?? 1)));
      tell(frame);
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

function describe(frame: Frame): string {
  let least = -1;
  let crashed = 0;
  frame.status.forEach((status, i) => {
    if (status === 4) crashed += 1;
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
      ctx.canvas.width = recorder.width;
      paint(ctx, recorder, palette);
      paintMarks(ctx, recorder, marks.value.filter((round) => round <= (recorder.last + 1) * recorder.roundsPerColumn), palette);
    };
    const stops = [
      effect(() => {
        if (version.value >= 0) draw();
      }),
      onColours(() => {
        palette = readPalette(document.body);
        draw();
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }, []);
  return (
    <figure class="chart spacetime">
      <div class="chart-head"><h2>The whole ring over time</h2></div>
      <p class="subtitle">A row is a place on the ring, a column a moment; the stronger, the more Connected peers</p>
      <div class="spacetime-plot">
        <span aria-hidden="true">0000…</span>
        <span aria-hidden="true">8000…</span>
        <span aria-hidden="true">ffff…</span>
        <canvas ref={canvas} width={COLUMNS} height={ROWS} role="img" aria-label="Connected peers by place on the ring and by round" />
      </div>
      <figcaption><span>{sentence.value}</span></figcaption>
    </figure>
  );
}
