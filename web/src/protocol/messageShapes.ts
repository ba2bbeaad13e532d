/** Marks of messages: shapes tell kinds apart without colour. Each is drawn on the ring and in legends. */

interface Shape {
  /** Adds the mark of radius `r` to the current path. */
  trace(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void;
  /** The same mark as an SVG path in a view box of 14 by 14. */
  path: string;
}

export type MessageShape = "dot" | "diamond" | "square" | "triangle" | "bar" | "plus";

export const MESSAGE_SHAPES: Record<MessageShape, Shape> = {
  dot: {
    trace(ctx, x, y, r) {
      ctx.moveTo(x + r * 0.8, y);
      ctx.arc(x, y, r * 0.8, 0, 2 * Math.PI);
    },
    path: "M10 7a3 3 0 1 1-6 0a3 3 0 1 1 6 0z",
  },
  diamond: {
    trace(ctx, x, y, r) {
      polygon(ctx, [x, y - r * 1.35], [x + r * 1.35, y], [x, y + r * 1.35], [x - r * 1.35, y]);
    },
    path: "M7 2l5 5-5 5-5-5z",
  },
  square: {
    trace: (ctx, x, y, r) => ctx.rect(x - r, y - r, 2 * r, 2 * r),
    path: "M3.200 3.200h7.600v7.600H3.200z",
  },
  triangle: {
    trace(ctx, x, y, r) {
      polygon(ctx, [x, y - r * 1.2], [x + r * 1.15, y + r * 0.85], [x - r * 1.15, y + r * 0.85]);
    },
    path: "M7 2.400l5 8.600H2z",
  },
  bar: {
    trace: (ctx, x, y, r) => ctx.rect(x - r * 1.5, y - r * 0.55, 3 * r, 1.1 * r),
    path: "M2 5.300h10v3.400H2z",
  },
  plus: {
    trace(ctx, x, y, r) {
      ctx.rect(x - r * 1.3, y - r * 0.4, 2.6 * r, 0.8 * r);
      ctx.rect(x - r * 0.4, y - r * 1.3, 0.8 * r, 2.6 * r);
    },
    path: "M5.500 2h3v3.500H12v3H8.500V12h-3V8.500H2v-3h3.500z",
  },
};

function polygon(ctx: CanvasRenderingContext2D, ...points: [x: number, y: number][]): void {
  points.forEach(([x, y], i) => (i === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.closePath();
}
