/** Ring on a canvas: draws the frames of the worker on demand. */
import type { FrameUpdate } from "../worker/workerMessages";
import { drawBackdrop } from "./backdrop";
import { MotionClock, isFast } from "./motionClock";
import { fit } from "./geometry";
import { indexOfId } from "./ids";
import { RingInput, type Pointed } from "./input";
import { contextOf, Layer } from "./layer";
import { MessageTrails } from "./messageTrails";
import { drawCentre, drawHalos, drawSelection } from "./overlay";
import { readPalette } from "./palette";
import { drawPeers } from "./peers";
import { CROWD, Pixels } from "./pixels";
import { Pulses } from "./pulses";
import { emptyScene, layoutPeers, type Arc, type Scene } from "./scene";
import { drawSides } from "./sides";
import { onPixelRatio } from "../ui/pixelRatio";

export interface RingEvents {
  /** A frame has been drawn: the worker may send the next. */
  frameDrawn(): void;
  select(id: bigint | null): void;
  /** Peer under the pointer or the keyboard cursor, null if there is none. */
  point(pointed: Pointed | null): void;
}

/** Drawing of a view of its own behind peers and messages. */
export type Underlay = (ctx: CanvasRenderingContext2D, scene: Scene) => void;

/** Maximum device pixel ratio of the canvas: more costs time and cannot be seen. */
const MAX_DPR = 2;

export class Ring {
  private readonly ctx: CanvasRenderingContext2D;
  private readonly scene = emptyScene(readPalette(document.body));
  private readonly backdrop = new Layer();
  private readonly crowd = new Layer();
  private readonly pixels = new Pixels();
  private readonly clock = new MotionClock();
  private readonly trails = new MessageTrails();
  private readonly pulses = new Pulses();
  private readonly input: RingInput;
  private readonly observer = new ResizeObserver(() => this.resize());
  private readonly stopRatio: () => void;
  private dpr = 1;
  private selected: bigint | null = null;
  private marked: readonly bigint[] = [];
  private behind: Underlay | null = null;
  private animationFrame = 0;
  private isFrameNew = false;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly events: RingEvents,
  ) {
    this.ctx = contextOf(canvas);
    this.input = new RingInput(canvas, this.scene, {
      select: (id) => events.select(id),
      point: (pointed) => events.point(pointed),
      invalidate: () => this.invalidate(),
    });
    this.stopRatio = onPixelRatio(canvas, () => this.resize());
    this.observer.observe(canvas);
  }

  show(update: FrameUpdate): void {
    const { scene } = this;
    const now = performance.now();
    const before = scene.update?.frame;
    if (String(update.frame.cut) !== String(before?.cut ?? "") || update.frame.holds !== before?.holds) this.backdrop.invalidate();
    if (!isFast(update) && !scene.still) this.pulses.notice(scene.update?.frame, update.frame, now);
    scene.update = update;
    this.clock.start(update, now);
    layoutPeers(scene);
    this.locate();
    this.input.refresh();
    if (isFast(update) && !scene.still) this.trails.flash(scene, now);
    this.crowd.invalidate();
    this.isFrameNew = true;
    this.invalidate();
  }

  /** Prepares for a new run and clears the traces of the previous one. */
  begin(ticksPerRound: number, rounds: number): void {
    this.scene.ticksPerRound = ticksPerRound;
    this.scene.rounds = rounds;
    this.trails.clear();
    this.pulses.clear();
    this.clock.clear();
    this.backdrop.invalidate();
    this.invalidate();
  }

  select(id: bigint | null): void {
    this.selected = id;
    this.locate();
    this.invalidate();
  }

  /** Marks peers. */
  mark(ids: readonly bigint[]): void {
    this.marked = ids;
    this.locate();
    this.invalidate();
  }

  /** Shows a partition that is being set up. */
  preview(arc: Arc | null): void {
    this.scene.preview = arc;
    this.backdrop.invalidate();
    this.invalidate();
  }

  /** Draws something behind peers and messages from now on; null for nothing. */
  setBehind(underlay: Underlay | null): void {
    this.behind = underlay;
    this.invalidate();
  }

  /** Turns motion off or on, for the reduced-motion preference. */
  setStill(still: boolean): void {
    this.scene.still = still;
    this.trails.clear();
    this.invalidate();
  }

  /** Reads the colours of the page again. */
  recolour(): void {
    this.scene.palette = readPalette(document.body);
    this.backdrop.invalidate();
    this.crowd.invalidate();
    this.invalidate();
  }

  png(): Promise<Blob | null> {
    const copy = document.createElement("canvas");
    copy.width = this.canvas.width;
    copy.height = this.canvas.height;
    const ctx = contextOf(copy);
    ctx.fillStyle = this.scene.palette.paper;
    ctx.fillRect(0, 0, copy.width, copy.height);
    ctx.drawImage(this.canvas, 0, 0);
    return new Promise((resolve) => copy.toBlob(resolve, "image/png"));
  }

  destroy(): void {
    cancelAnimationFrame(this.animationFrame);
    this.observer.disconnect();
    this.stopRatio();
    this.input.destroy();
  }

  private locate(): void {
    const ids = this.scene.update?.frame.peerId ?? [];
    this.scene.selected = this.selected === null ? -1 : indexOfId(ids, this.selected);
    this.scene.marked = this.marked.map((id) => indexOfId(ids, id)).filter((i) => i >= 0);
  }

  private resize(): void {
    const { canvas, scene } = this;
    this.dpr = ratio();
    const width = Math.round(canvas.clientWidth * this.dpr);
    const height = Math.round(canvas.clientHeight * this.dpr);
    canvas.width = width;
    canvas.height = height;
    this.backdrop.resize(width, height);
    this.crowd.resize(width, height);
    scene.layout = fit(canvas.clientWidth, canvas.clientHeight);
    layoutPeers(scene);
    this.trails.clear();
    // A resized canvas is empty until it is drawn.
    this.draw();
  }

  private invalidate(): void {
    if (this.animationFrame === 0) this.animationFrame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    // Some changes of the pixel ratio are reported by no event.
    if (ratio() !== this.dpr) this.resize();
    const now = performance.now();
    const { ctx, scene, dpr } = this;
    cancelAnimationFrame(this.animationFrame);
    this.animationFrame = 0;
    this.backdrop.refresh(dpr, (layer) => drawBackdrop(layer, scene));
    this.crowd.refresh(dpr, (layer) => {
      if (scene.x.length > CROWD) this.pixels.draw(layer, scene, dpr);
      else {
        drawPeers(layer, scene);
        drawSides(layer, scene);
      }
    });
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    ctx.clearRect(0, 0, scene.layout.width, scene.layout.height);
    this.backdrop.copyTo(ctx);
    this.behind?.(ctx, scene);
    drawSelection(ctx, scene);
    const glowing = this.drawMessages(now);
    const pulsing = this.pulses.draw(ctx, scene, now);
    this.crowd.copyTo(ctx);
    drawHalos(ctx, scene);
    drawCentre(ctx, scene);
    if (this.isFrameNew) {
      this.isFrameNew = false;
      this.events.frameDrawn();
    }
    if (glowing || pulsing || (this.clock.isMoving(now) && !scene.still)) this.invalidate();
  }

  /** Draws the messages; returns whether some paths are still fading. */
  private drawMessages(now: number): boolean {
    const { ctx, scene } = this;
    const { update } = scene;
    if (!update) return false;
    ctx.save();
    ctx.translate(scene.layout.cx, scene.layout.cy);
    const glowing = this.trails.drawEchoes(ctx, scene, now);
    // Without motion, messages are shown half-way between this tick and the next.
    if (scene.still) this.trails.draw(ctx, scene, (update.frame.tick + update.nextTick) / 2);
    else if (!isFast(update)) this.trails.draw(ctx, scene, this.clock.moment(now));
    ctx.restore();
    return glowing;
  }
}

function ratio(): number {
  return Math.min(MAX_DPR, window.devicePixelRatio || 1);
}
