/** The marks of the ring, for legends: the same shapes and colours as on the canvas. */
export type GlyphName =
  | "alone" | "identified" | "pending" | "connected" | "crashed" | "query" | "answer" | "invitation" | "referral";

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
    case "query":
      return <circle cx="7" cy="7" r="3" />;
    case "answer":
      return <path d="M7 2l5 5-5 5-5-5z" />;
    case "invitation":
      return <path d="M3.200 3.200h7.600v7.600H3.200z" />;
    case "referral":
      return <path d="M7 2.400l5 8.600H2z" />;
  }
}

export function Glyph({ name }: { name: GlyphName }) {
  return <svg class={`glyph c-${name}`} viewBox="0 0 14 14" aria-hidden="true">{shape(name)}</svg>;
}
