/** Offscreen canvas that is painted again only after a change. */
export class Layer {
  readonly canvas = document.createElement("canvas");
  readonly ctx = contextOf(this.canvas);
  private stale = true;

  resize(width: number, height: number): void {
    this.canvas.width = width;
    this.canvas.height = height;
    this.stale = true;
  }

  invalidate(): void {
    this.stale = true;
  }

  refresh(dpr: number, paint: (ctx: CanvasRenderingContext2D) => void): void {
    if (!this.stale) return;
    this.ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    paint(this.ctx);
    this.stale = false;
  }

  /** Copies the layer to a canvas of the same size. */
  copyTo(onto: CanvasRenderingContext2D): void {
    if (this.canvas.width === 0 || this.canvas.height === 0) return;
    onto.save();
    onto.setTransform(1, 0, 0, 1, 0, 0);
    onto.drawImage(this.canvas, 0, 0);
    onto.restore();
  }
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const ctx = canvas.getContext("2d");
  if (!ctx) throw new Error("This browser offers no 2D canvas.");
  return ctx;
}
