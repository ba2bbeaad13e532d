/** A canvas that follows what is drawn on it. */
import { effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { readPalette, type Palette } from "../ring/palette";
import { onColours } from "../ui/theme";

/** Keeps a canvas painted: at every change of what `draw` reads, of its size and of the colours. */
export function usePainted(draw: (ctx: CanvasRenderingContext2D, palette: Palette) => void) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const ctx = canvas.current?.getContext("2d");
    if (!ctx) return;
    let palette = readPalette(document.body);
    const sizeNow = () => ({ width: ctx.canvas.clientWidth, height: ctx.canvas.clientHeight });
    const size = signal(sizeNow());
    const paint = (): void => {
      const { width, height } = size.value;
      // A canvas in a panel that is hidden has no size.
      if (width === 0) return;
      const scale = window.devicePixelRatio;
      ctx.canvas.width = width * scale;
      ctx.canvas.height = height * scale;
      ctx.setTransform(scale, 0, 0, scale, 0, 0);
      draw(ctx, palette);
    };
    const resized = new ResizeObserver(() => (size.value = sizeNow()));
    resized.observe(ctx.canvas);
    const stops = [
      effect(paint),
      onColours(() => {
        palette = readPalette(document.body);
        paint();
      }),
      () => resized.disconnect(),
    ];
    return () => stops.forEach((stop) => stop());
  }, []);
  return canvas;
}
