/** Scenario files that are chosen, or dropped anywhere on the page. */
import * as actions from "../store/actions";
import * as store from "../store/store";
import { parseScenario } from "./files";

export async function openFile(file: File): Promise<void> {
  const parsed = parseScenario(await file.text());
  if ("input" in parsed) {
    actions.openScenario(parsed.input);
    return;
  }
  store.pageError.value = {
    kind: "problems",
    title: `${file.name} is not a scenario`,
    problems: [parsed.problem],
    recoverable: store.run.value !== null,
  };
}

export function acceptDrops(): () => void {
  const life = new AbortController();
  const { signal } = life;
  const { classList } = document.documentElement;
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    classList.add("dropping");
  }, { signal });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) classList.remove("dropping");
  }, { signal });
  addEventListener("drop", (event) => {
    classList.remove("dropping");
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void openFile(file);
  }, { signal });
  return () => life.abort();
}
