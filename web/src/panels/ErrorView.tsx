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
    if (error.kind === "problems" && error.recoverable) actions.keepRun();
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
            {error.recoverable && <button type="button" onClick={actions.keepRun}>Keep the present run</button>}
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
          <p>{location.protocol === "file:" ? FROM_DISK : NEEDS}</p>
          <pre>{error.message}</pre>
          <div class="line"><button type="button" class="primary" onClick={() => location.reload()}>Reload</button></div>
        </>
      );
  }
}

const NEEDS = "Ringside needs a browser with WebAssembly and module workers (any current browser), and a connection until it is loaded. Sandboxed frames and strict settings may forbid workers. Reload the page; if that does not help, open it in a tab of its own, or try another browser or network.";
const FROM_DISK = "The page was opened from disk, where browsers forbid modules and workers. Serve its folder: \"python3 -m http.server\" in it, then open http://localhost:8000.";

function addressOf(link: string): string {
  return location.origin + location.pathname + formHash(link);
}
