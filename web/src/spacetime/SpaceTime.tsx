/** Space-time diagram of the ring. Recording continues while the figure is not on the page. */
import { computed, effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { readPalette } from "../ring/palette";
import { STATUS } from "../protocol/peerStates";
import { hexOf, shortHex } from "../ring/ids";
import * as store from "../store/store";
import { onFrame } from "../store/workerClient";
import { count, plural } from "../ui/format";
import { throttle } from "../ui/throttle";
import { onColours } from "../ui/theme";
import type { Frame } from "../wasm/ringside_wasm.js";
import { paint, paintMarks } from "./paint";
import { COLUMNS, Recorder, ROWS } from "./recorder";

const recorder = new Recorder();
/** Number of recorded frames, on which painting depends. */
const version = signal(0);
const sentence = signal("No frame has been recorded yet.");
/** Publishes recorded frames at most five times a second. */
const publish = throttle<Frame>(200, (frame) => {
  version.value += 1;
  sentence.value = describe(frame);
});

/** Starts recording; returns the function that stops it. */
export function recordRing(): () => void {
  const stops = [
    effect(() => {
      const run = store.run.value;
      if (run) recorder.begin(run.rounds);
    }),
    onFrame(({ frame }) => {
      recorder.record(frame, Math.floor(frame.tick / (store.run.peek()?.ticksPerRound ?? 1)));
      publish(frame);
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

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
      <div class="chart-head"><h2>Ring over time</h2></div>
      <p class="subtitle">A row is a position on the ring, a column a moment; the stronger the colour, the more Connected peers</p>
      <div class="spacetime-plot">
        <span aria-hidden="true">0000…</span>
        <span aria-hidden="true">8000…</span>
        <span aria-hidden="true">ffff…</span>
        <canvas ref={canvas} width={COLUMNS} height={ROWS} role="img" aria-label="Connected peers by position on the ring and by round" />
      </div>
      <figcaption><span>{sentence.value}</span></figcaption>
    </figure>
  );
}
