/** Dialog for errors that prevent a run, with their remedies. */
import { useEffect, useRef } from "preact/hooks";
import { formHash } from "../share/link";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { sentence } from "../store/text";

export function ErrorView({ error }: { error: store.PageError }) {
  const panel = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    // Modal: the page is inert until a remedy has been chosen.
    if (!panel.current?.open) panel.current?.showModal();
  }, []);
  const leave = (event: Event): void => {
    event.preventDefault();
    if (error.kind === "problems" && error.recoverable) store.pageError.value = null;
  };
  return (
    <dialog class="error" role="alertdialog" aria-labelledby="error-title" ref={panel} data-error={error.kind} onCancel={leave}>
      <Content error={error} />
    </dialog>
  );
}

function Content({ error }: { error: store.PageError }) {
  switch (error.kind) {
    case "problems":
      return (
        <>
          <h2 id="error-title">{error.title}</h2>
          <ul class="problems">
            {error.problems.map((problem, i) => (
              <li key={i}>
                <code>{problem.path}</code>
                <strong>{sentence(problem.message)}</strong>
                <span>{sentence(problem.remedy)}</span>
              </li>
            ))}
          </ul>
          <div class="line">
            <button type="button" class="primary" onClick={actions.openDefault}>Open the default experiment</button>
            {error.recoverable && <button type="button" onClick={() => (store.pageError.value = null)}>Keep the present run</button>}
          </div>
        </>
      );
    case "panic": {
      const { link } = error;
      return (
        <>
          <h2 id="error-title">The simulation has stopped on an internal error</h2>
          <p>This is a defect of Ringside, not of your scenario. The link below reproduces it.</p>
          <pre>{error.message}</pre>
          <div class="line">
            {link !== null && (
              <button type="button" class="primary" onClick={() => void actions.copy(addressOf(link), "Link copied. Its run reproduces the error.")}>
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
          <h2 id="error-title">The simulation could not be loaded</h2>
          <p>Ringside needs a browser with WebAssembly and module workers (any current browser). Reload the page; if that does not help, try another browser or network.</p>
          <pre>{error.message}</pre>
          <div class="line"><button type="button" class="primary" onClick={() => location.reload()}>Reload</button></div>
        </>
      );
  }
}

function addressOf(link: string): string {
  return location.origin + location.pathname + formHash(link);
}
