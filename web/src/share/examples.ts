/** Example scenarios. Their titles are part of the page; a file is loaded when it is opened. */
import * as actions from "../store/actions";
import * as store from "../store/store";

const titles = import.meta.glob<string>("../../../scenarios/*.json", { eager: true, import: "title" });
const addresses = import.meta.glob<string>("../../../scenarios/*.json", { eager: true, query: "?url", import: "default" });

/** Examples by the names of their files, without the extension. */
export const EXAMPLES = Object.entries(titles).map(([path, title]) => ({
  name: path.replace(/^.*\/|\.json$/g, ""), title, address: addresses[path] ?? "",
}));

/** Opens an example; resolves to whether its file was loaded. */
export async function openExample(name: string): Promise<boolean> {
  const example = EXAMPLES.find((candidate) => candidate.name === name);
  if (!example) return false;
  try {
    const response = await fetch(example.address);
    if (!response.ok) throw new Error(response.statusText);
    actions.openFile(new Uint8Array(await response.arrayBuffer()), example.title, name);
    return true;
  } catch {
    store.toast.value = {
      text: `"${example.title}" could not be loaded. The present run is still open.`,
      action: { label: "Try again", run: () => void openExample(name) },
    };
    return false;
  }
}
