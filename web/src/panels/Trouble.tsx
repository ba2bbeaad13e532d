/** What stands in the way, why, and what to do about it. Never a silent fallback. */
import { useEffect, useRef } from "preact/hooks";
import { formHash } from "../share/link";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { sentence } from "../store/words";

export function TroubleView({ trouble }: { trouble: store.Trouble }) {
  const panel = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    // Modal: the page behind is out of reach until a way on has been chosen.
    if (!panel.current?.open) panel.current?.showModal();
  }, []);
  const leave = (event: Event): void => {
    event.preventDefault();
    if (trouble.kind === "problems" && trouble.recoverable) store.trouble.value = null;
  };
  return (
    <dialog class="trouble" role="alertdialog" aria-labelledby="trouble-title" ref={panel} data-trouble={trouble.kind} onCancel={leave}>
      <Content trouble={trouble} />
    </dialog>
  );
}

function Content({ trouble }: { trouble: store.Trouble }) {
  switch (trouble.kind) {
    case "problems":
      return (
        <>
          <h2 id="trouble-title">{trouble.title}</h2>
          <ul class="problems">
            {trouble.problems.map((problem, i) => (
              <li key={i}>
                <code>{problem.path}</code>
                <strong>{sentence(problem.message)}</strong>
                <span>{sentence(problem.remedy)}</span>
              </li>
            ))}
          </ul>
          <div class="line">
            <button type="button" class="primary" onClick={actions.openDefault}>Open the default experiment</button>
            {trouble.recoverable && <button type="button" onClick={() => (store.trouble.value = null)}>Keep the present run</button>}
          </div>
        </>
      );
    case "panic": {
      const { link } = trouble;
      return (
        <>
          <h2 id="trouble-title">The simulation has stopped on an internal error</h2>
          <p>This is a defect of Ringside, not of your scenario. The run of the link below leads to it.</p>
          <pre>{trouble.message}</pre>
          <div class="line">
            {link !== null && (
              <button type="button" class="primary" onClick={() => void actions.copy(addressOf(link), "Link copied. Its run leads to the error.")}>
                Copy the link that led here
              </button>
            )}
            <button type="button" onClick={actions.recover}>Restart with the default experiment</button>
          </div>
        </>
      );
    }
    case "unloadable":
      return (
        <>
          <h2 id="trouble-title">The simulation could not be loaded</h2>
          <p>Ringside needs a browser with WebAssembly and module workers (any current one), and all of its files from the same place. Reload the page; if that does not help, try another browser or network.</p>
          <pre>{trouble.message}</pre>
          <div class="line"><button type="button" class="primary" onClick={() => location.reload()}>Reload</button></div>
        </>
      );
  }
}

function addressOf(link: string): string {
  return location.origin + location.pathname + formHash(link);
}
