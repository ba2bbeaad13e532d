/** Caption of a chart: what it shows in one sentence, and the switch to its table. */
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

export function Caption({ sentence, table }: { sentence: ComponentChildren; table: Signal<boolean> }) {
  return (
    <figcaption>
      <span>{sentence}</span>
      <button type="button" class="link" aria-expanded={table.value} onClick={() => (table.value = !table.value)}>
        {table.value ? "Hide table" : "Show as table"}
      </button>
    </figcaption>
  );
}
