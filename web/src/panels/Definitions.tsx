/** Definitions of the figures on the page, which are else only in tooltips; a chunk of its own. */
import { useSignal } from "@preact/signals";

/** Rows of the page with a figure, its name and its definition. */
const DEFINED = ".corner li[title], .figure[title], [data-outcome][title], th[title]";

export default function Definitions() {
  const list = useSignal<[name: string, definition: string][]>([]);
  return (
    <details class="section definitions" onToggle={(event) => event.currentTarget.open && (list.value = definitions())}>
      <summary><span>Definitions <small>of the figures on this page</small></span></summary>
      <dl>
        {list.value.map(([name, definition]) => <div key={name}><dt>{name}</dt><dd class="hint">{definition}</dd></div>)}
      </dl>
    </details>
  );
}

function definitions(): [string, string][] {
  const found = new Map<string, string>();
  for (const element of document.querySelectorAll<HTMLElement>(DEFINED)) {
    const name = (element.querySelector("dt, span") ?? element).textContent.trim();
    // A share is no definition.
    if (name !== "" && !/^[\d.<]+ %$/.test(element.title)) found.set(name, element.title);
  }
  return [...found];
}
