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
    /** Whether the canvas has a size: in a panel that is hidden it has none. */
    const isShown = signal(ctx.canvas.clientWidth > 0);
    const paint = (): void => {
      if (!isShown.value) return;
      const scale = window.devicePixelRatio;
      ctx.canvas.width = ctx.canvas.clientWidth * scale;
      ctx.canvas.height = ctx.canvas.clientHeight * scale;
      ctx.setTransform(scale, 0, 0, scale, 0, 0);
      draw(ctx, palette);
    };
    const resized = new ResizeObserver(() => {
      isShown.value = ctx.canvas.clientWidth > 0;
      paint();
    });
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
