/** Example scenarios. Their titles are part of the page; a file is loaded when it is opened. */
import * as actions from "../store/actions";
import * as store from "../store/store";
import { parseScenario } from "./files";

const titles = import.meta.glob<string>("../../../scenarios/*.json", { eager: true, import: "title" });
const addresses = import.meta.glob<string>("../../../scenarios/*.json", { eager: true, query: "?url", import: "default" });

/** Examples by the names of their files, without the extension. */
export const EXAMPLES = Object.entries(titles).map(([path, title]) => ({
  name: path.replace(/^.*\/|\.json$/g, ""), title, address: addresses[path] ?? "",
}));

export async function openExample(name: string): Promise<void> {
  const example = EXAMPLES.find((candidate) => candidate.name === name);
  if (!example) return;
  try {
    const response = await fetch(example.address);
    const parsed = parseScenario(await response.text());
    if ("input" in parsed) actions.openScenario(parsed.input, name);
  } catch {
    store.toast.value = { text: `"${example.title}" could not be loaded. Check the connection and try again.` };
  }
}
