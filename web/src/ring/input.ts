/** Pointer and keyboard on the ring: a pointer hovers and selects, arrow keys walk from peer to peer. */
import { markRadius, nearest, turnAt, within } from "./geometry";
import { indexOfId } from "./ids";
import { CROWD, DEPTH } from "./pixels";
import type { Scene } from "./scene";

/** A peer that is pointed at, and where its mark is on the canvas. */
export interface Pointed {
  id: bigint;
  status: number;
  /** The number of a Conduct. */
  conduct: number;
  connected: number;
  /** Peers whose marks share its pixel on the rim, with itself. */
  sharing: number;
  x: number;
  y: number;
  by: "pointer" | "keys";
}

interface InputEvents {
  select(id: bigint | null): void;
  point(pointed: Pointed | null): void;
  invalidate(): void;
}

/** How far from a mark a pointer may be, in pixels: fingers are wide. */
const SLACK = 14;

export class RingInput {
  private readonly life = new AbortController();
  private cursorId: bigint | null = null;
  private pointer: { x: number; y: number } | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly scene: Scene,
    private readonly events: InputEvents,
  ) {
    const { signal } = this.life;
    canvas.addEventListener("pointermove", (event) => this.moved({ x: event.offsetX, y: event.offsetY }), { signal, passive: true });
    canvas.addEventListener("pointerleave", () => this.moved(null), { signal });
    canvas.addEventListener("click", (event) => this.events.select(this.idAt(this.hit(event.offsetX, event.offsetY))), { signal });
    canvas.addEventListener("keydown", (event) => this.pressed(event), { signal });
    canvas.addEventListener("blur", () => this.leave(), { signal });
  }

  /** The peers have changed under pointer and cursor. */
  refresh(): void {
    const ids = this.scene.shot?.frame.peerId ?? [];
    this.scene.cursor = this.cursorId === null ? -1 : indexOfId(ids, this.cursorId);
    if (this.pointer) this.moved(this.pointer);
    else if (this.scene.cursor >= 0) this.tell();
  }

  destroy(): void {
    this.life.abort();
  }

  private moved(pointer: { x: number; y: number } | null): void {
    this.pointer = pointer;
    const i = pointer ? this.hit(pointer.x, pointer.y) : -1;
    if (i < 0 && this.scene.hover < 0) return;
    this.scene.hover = i;
    this.canvas.classList.toggle("pointing", i >= 0);
    this.tell();
  }

  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = this.target(event.key);
    if (to !== undefined) this.moveCursor(to);
    else if (event.key === "Enter" && this.scene.cursor >= 0) this.events.select(this.idAt(this.scene.cursor));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Where a key takes the cursor. The first key only shows where it is. */
  private target(key: string): number | undefined {
    const n = this.count();
    const { cursor, selected } = this.scene;
    const from = cursor >= 0 ? cursor : Math.max(0, selected);
    const one = cursor >= 0 ? 1 : 0;
    const leap = Math.max(1, Math.round(n / 12));
    switch (key) {
      case "ArrowRight":
      case "ArrowDown":
        return from + one;
      case "ArrowLeft":
      case "ArrowUp":
        return from - one;
      case "PageDown":
        return from + leap;
      case "PageUp":
        return from - leap;
      case "Home":
        return 0;
      case "End":
        return n - 1;
      default:
        return undefined;
    }
  }

  private moveCursor(to: number): void {
    const n = this.count();
    if (n === 0) return;
    this.scene.cursor = ((to % n) + n) % n;
    this.cursorId = this.idAt(this.scene.cursor);
    this.tell();
  }

  private leave(): void {
    this.scene.cursor = -1;
    this.cursorId = null;
    this.tell();
  }

  private tell(): void {
    const { hover, cursor } = this.scene;
    this.events.point(hover >= 0 ? this.describe(hover, "pointer") : this.describe(cursor, "keys"));
    this.events.invalidate();
  }

  private hit(x: number, y: number): number {
    const i = nearest(this.scene.shot?.frame.turn ?? [], turnAt(this.scene.place, x, y));
    if (i < 0) return -1;
    const distance = Math.hypot((this.scene.x[i] ?? 0) - x, (this.scene.y[i] ?? 0) - y);
    const { cx, cy, radius } = this.scene.place;
    const inwards = radius - Math.hypot(x - cx, y - cy);
    // In a crowd the whole corona stands for the peers of its direction.
    if (this.count() > CROWD && inwards > -SLACK) return inwards < radius * DEPTH ? i : -1;
    return distance <= markRadius(this.count(), this.scene.place.radius) + SLACK ? i : -1;
  }

  private sharing(i: number): number {
    const turns = this.scene.shot?.frame.turn ?? new Float32Array();
    const half = 0.5 / (2 * Math.PI * this.scene.place.radius);
    const turn = turns[i] ?? 0;
    return within(turns, turn - half, turn + half);
  }

  private count(): number {
    return this.scene.shot?.frame.peerId.length ?? 0;
  }

  private idAt(i: number): bigint | null {
    return this.scene.shot?.frame.peerId[i] ?? null;
  }

  private describe(i: number, by: Pointed["by"]): Pointed | null {
    const frame = this.scene.shot?.frame;
    const id = this.idAt(i);
    if (!frame || id === null) return null;
    return {
      id, by, status: frame.status[i] ?? 0, conduct: frame.conduct[i] ?? 0, connected: frame.connected[i] ?? 0,
      sharing: this.sharing(i),
      x: this.scene.x[i] ?? 0, y: this.scene.y[i] ?? 0,
    };
  }
}
