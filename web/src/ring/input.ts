/**
 * Pointer and keyboard input of the ring: the pointer hovers and selects, arrow keys move a cursor from
 * peer to peer.
 */
import { markRadius, nearest, positionAt, within } from "./geometry";
import { indexOfId } from "./ids";
import { CROWD, DEPTH } from "./pixels";
import type { Scene } from "./scene";

/** Peer under the pointer or the cursor, with the coordinates of its mark. */
export interface Pointed {
  id: bigint;
  status: number;
  /** Code of its Behavior. */
  behavior: number;
  connected: number;
  /** Number of peers whose marks share its pixel on the rim, itself included. */
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

/** Distance from a mark in pixels within which a pointer hits it. */
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

  /** Follows the peers of a new frame under pointer and cursor. */
  refresh(): void {
    const ids = this.scene.update?.frame.peerId ?? [];
    this.scene.cursor = this.cursorId === null ? -1 : indexOfId(ids, this.cursorId);
    if (this.pointer) this.moved(this.pointer);
    else if (this.scene.cursor >= 0) this.notify();
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
    this.notify();
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

  /** Index that a key moves the cursor to; the first key only shows the cursor. */
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
    this.notify();
  }

  private leave(): void {
    this.scene.cursor = -1;
    this.cursorId = null;
    this.notify();
  }

  private notify(): void {
    const { hover, cursor } = this.scene;
    this.events.point(hover >= 0 ? this.describe(hover, "pointer") : this.describe(cursor, "keys"));
    this.events.invalidate();
  }

  private hit(x: number, y: number): number {
    const i = nearest(this.scene.update?.frame.position ?? [], positionAt(this.scene.layout, x, y));
    if (i < 0) return -1;
    const distance = Math.hypot((this.scene.x[i] ?? 0) - x, (this.scene.y[i] ?? 0) - y);
    const { cx, cy, radius } = this.scene.layout;
    const inwards = radius - Math.hypot(x - cx, y - cy);
    // In the density view the whole corona stands for the peers in its direction.
    if (this.count() > CROWD && inwards > -SLACK) return inwards < radius * DEPTH ? i : -1;
    return distance <= markRadius(this.count(), this.scene.layout.radius) + SLACK ? i : -1;
  }

  private sharing(i: number): number {
    const positions = this.scene.update?.frame.position ?? new Float32Array();
    const half = 0.5 / (2 * Math.PI * this.scene.layout.radius);
    const position = positions[i] ?? 0;
    return within(positions, position - half, position + half);
  }

  private count(): number {
    return this.scene.update?.frame.peerId.length ?? 0;
  }

  private idAt(i: number): bigint | null {
    return this.scene.update?.frame.peerId[i] ?? null;
  }

  private describe(i: number, by: Pointed["by"]): Pointed | null {
    const frame = this.scene.update?.frame;
    const id = this.idAt(i);
    if (!frame || id === null) return null;
    return {
      id, by, status: frame.status[i] ?? 0, behavior: frame.behavior[i] ?? 0, connected: frame.connected[i] ?? 0,
      sharing: this.sharing(i),
      x: this.scene.x[i] ?? 0, y: this.scene.y[i] ?? 0,
    };
  }
}
