/** Button of a study with its progress. */
import { percent } from "../ui/format";
import type { Study } from "./study";
import "./studies.css";

export function StudyControl({ study, name, start }: { study: Study; name: string; start: () => void }) {
  const state = study.state.value;
  if (state.kind === "running") {
    return (
      <p class="study">
        <button type="button" onClick={() => study.end()}>Cancel</button>
        <progress max={1} value={state.done} aria-label={name} />
        <span class="hint">{percent(state.done)}</span>
      </p>
    );
  }
  return (
    <p class="study">
      <button type="button" onClick={start}>{state.kind === "over" ? `${name} again` : name}</button>
      {state.kind === "failed" && <span class="refused" role="alert">{state.message}</span>}
    </p>
  );
}
