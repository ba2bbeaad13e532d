/** The ring on its canvas: takes pictures from the worker, draws when there is something new, and can be destroyed. */
import type { Shot } from "../worker/protocol";
import { drawBackdrop } from "./backdrop";
import { Clock, isFast } from "./clock";
import { fit } from "./geometry";
import { indexOfId } from "./ids";
import { RingInput, type Pointed } from "./input";
import { contextOf, Layer } from "./layer";
import { Messages } from "./messages";
import { drawCentre, drawHalos, drawSelection } from "./overlay";
import { readPalette } from "./palette";
import { drawPeers } from "./peers";
import { CROWD, Pixels } from "./pixels";
import { Pulses } from "./pulses";
import { emptyScene, placePeers, type Arc } from "./scene";
import { drawSides } from "./sides";

export interface RingEvents {
  /** The picture was taken up: the next may come. */
  drawn(): void;
  select(id: bigint | null): void;
  /** The peer under the pointer or the keyboard's cursor. */
  point(pointed: Pointed | null): void;
}

/** Pixels beyond this factor cost time and cannot be seen. */
const MOST_DPR = 2;

export class Ring {
  private readonly ctx: CanvasRenderingContext2D;
  private readonly scene = emptyScene(readPalette(document.body));
  private readonly backdrop = new Layer();
  private readonly crowd = new Layer();
  private readonly pixels = new Pixels();
  private readonly clock = new Clock();
  private readonly messages = new Messages();
  private readonly pulses = new Pulses();
  private readonly input: RingInput;
  private readonly observer = new ResizeObserver(() => this.resize());
  private dpr = 1;
  private selected: bigint | null = null;
  private marked: readonly bigint[] = [];
  private asked = 0;
  private unanswered = false;

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
    this.observer.observe(canvas);
  }

  show(shot: Shot): void {
    const { scene } = this;
    const now = performance.now();
    const before = scene.shot?.frame;
    if (String(shot.frame.cut) !== String(before?.cut ?? "") || shot.frame.holds !== before?.holds) this.backdrop.touch();
    if (!isFast(shot) && !scene.still) this.pulses.notice(scene.shot?.frame, shot.frame, now);
    scene.shot = shot;
    this.clock.take(shot, now);
    placePeers(scene);
    this.locate();
    this.input.refresh();
    if (isFast(shot) && !scene.still) this.messages.flash(scene, now);
    this.crowd.touch();
    this.unanswered = true;
    this.invalidate();
  }

  /** A new run: nothing of the former one may linger. */
  begin(ticksPerRound: number, rounds: number): void {
    this.scene.ticksPerRound = ticksPerRound;
    this.scene.rounds = rounds;
    this.messages.clear();
    this.pulses.clear();
    this.clock.clear();
    this.backdrop.touch();
    this.invalidate();
  }

  select(id: bigint | null): void {
    this.selected = id;
    this.locate();
    this.invalidate();
  }

  /** Point out peers that something is said about. */
  mark(ids: readonly bigint[]): void {
    this.marked = ids;
    this.locate();
    this.invalidate();
  }

  /** Show a cut that is only being considered. */
  preview(arc: Arc | null): void {
    this.scene.preview = arc;
    this.backdrop.touch();
    this.invalidate();
  }

  /** Nothing moves by itself, for those who asked for less motion. */
  still(still: boolean): void {
    this.scene.still = still;
    this.messages.clear();
    this.invalidate();
  }

  /** The colours of the page have changed. */
  recolour(): void {
    this.scene.palette = readPalette(document.body);
    this.backdrop.touch();
    this.crowd.touch();
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
    cancelAnimationFrame(this.asked);
    this.observer.disconnect();
    this.input.destroy();
  }

  private locate(): void {
    const ids = this.scene.shot?.frame.peerId ?? [];
    this.scene.selected = this.selected === null ? -1 : indexOfId(ids, this.selected);
    this.scene.marked = this.marked.map((id) => indexOfId(ids, id)).filter((i) => i >= 0);
  }

  private resize(): void {
    const { canvas, scene } = this;
    this.dpr = Math.min(MOST_DPR, window.devicePixelRatio || 1);
    const width = Math.round(canvas.clientWidth * this.dpr);
    const height = Math.round(canvas.clientHeight * this.dpr);
    canvas.width = width;
    canvas.height = height;
    this.backdrop.resize(width, height);
    this.crowd.resize(width, height);
    scene.place = fit(canvas.clientWidth, canvas.clientHeight);
    placePeers(scene);
    this.messages.clear();
    // At once: a canvas that was resized is empty until it is drawn.
    this.draw();
  }

  private invalidate(): void {
    if (this.asked === 0) this.asked = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const now = performance.now();
    const { ctx, scene, dpr } = this;
    cancelAnimationFrame(this.asked);
    this.asked = 0;
    this.backdrop.refresh(dpr, (layer) => drawBackdrop(layer, scene));
    this.crowd.refresh(dpr, (layer) => {
      if (scene.x.length > CROWD) this.pixels.draw(layer, scene, dpr);
      else {
        drawPeers(layer, scene);
        drawSides(layer, scene);
      }
    });
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    ctx.clearRect(0, 0, scene.place.width, scene.place.height);
    this.backdrop.stamp(ctx);
    drawSelection(ctx, scene);
    const glowing = this.drawMessages(now);
    const pulsing = this.pulses.draw(ctx, scene, now);
    this.crowd.stamp(ctx);
    drawHalos(ctx, scene);
    drawCentre(ctx, scene);
    if (this.unanswered) {
      this.unanswered = false;
      this.events.drawn();
    }
    if (glowing || pulsing || (this.clock.moving(now) && !scene.still)) this.invalidate();
  }

  /** Whether some of what was drawn is still fading. */
  private drawMessages(now: number): boolean {
    const { ctx, scene } = this;
    const { shot } = scene;
    if (!shot) return false;
    ctx.save();
    ctx.translate(scene.place.cx, scene.place.cy);
    const glowing = this.messages.drawEchoes(ctx, scene, now);
    // Where nothing moves, messages are shown half-way between this tick and the next.
    if (scene.still) this.messages.draw(ctx, scene, (shot.frame.tick + shot.until) / 2);
    else if (!isFast(shot)) this.messages.draw(ctx, scene, this.clock.moment(now));
    ctx.restore();
    return glowing;
  }
}
