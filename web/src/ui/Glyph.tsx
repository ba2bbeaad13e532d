/** The marks of the ring, for legends: the same shapes and colours as on the canvas. */
export type GlyphName =
  | "alone" | "identified" | "pending" | "connected" | "crashed" | "paused" | "adversary"
  | "query" | "answer" | "invitation" | "referral" | "goodbye";

function shape(name: GlyphName) {
  switch (name) {
    case "alone":
      return <circle cx="7" cy="7" r="2.2" />;
    case "identified":
      return <circle cx="7" cy="7" r="4.6" class="hollow" />;
    case "pending":
      return <><circle cx="7" cy="7" r="4.6" class="hollow" /><path d="M7 2.400a4.600 4.600 0 0 0 0 9.200z" /></>;
    case "connected":
      return <circle cx="7" cy="7" r="5.4" />;
    case "crashed":
      return <path class="hollow" d="M3.200 3.200l7.600 7.600M10.800 3.200l-7.600 7.600" />;
    case "paused":
      return <><circle cx="7" cy="7" r="5" class="hollow" /><path d="M4.700 4.500h1.600v5H4.700zM7.700 4.500h1.600v5H7.700z" /></>;
    case "adversary":
      return <path fill-rule="evenodd" d="M7.00 0.10L8.54 2.77L11.44 1.71L10.90 4.75L13.80 5.80L11.43 7.78L12.98 10.45L9.89 10.45L9.36 13.48L7.00 11.50L4.64 13.48L4.11 10.45L1.02 10.45L2.57 7.78L0.20 5.80L3.10 4.75L2.56 1.71L5.46 2.77zM7 4.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600z" />;
    case "query":
      return <circle cx="7" cy="7" r="3" />;
    case "answer":
      return <path d="M7 2l5 5-5 5-5-5z" />;
    case "invitation":
      return <path d="M3.200 3.200h7.600v7.600H3.200z" />;
    case "referral":
      return <path d="M7 2.400l5 8.600H2z" />;
    case "goodbye":
      return <path d="M2 5.300h10v3.400H2z" />;
  }
}

export function Glyph({ name }: { name: GlyphName }) {
  return <svg class={`glyph c-${name}`} viewBox="0 0 14 14" aria-hidden="true">{shape(name)}</svg>;
}
