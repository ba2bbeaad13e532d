/** Scenario files that are chosen, or dropped anywhere on the page. */
import * as actions from "../store/actions";
import * as store from "../store/store";

/** Maximum size of a scenario file in bytes: far more than 10,000 commands take. */
const MAX_BYTES = 16 * 2 ** 20;

export async function openFile(file: File): Promise<void> {
  if (file.size > MAX_BYTES) {
    refuse(file.name, "It is larger than 16 MiB.", "Choose the file of a scenario.");
    return;
  }
  try {
    actions.openFile(new Uint8Array(await file.arrayBuffer()), file.name);
  } catch {
    refuse(file.name, "It cannot be read: it was moved, deleted or changed, or it is a folder.", "Choose the file again.");
  }
}

function refuse(name: string, message: string, remedy: string): void {
  store.pageError.value = {
    kind: "problems", title: `${name} cannot be opened`, problems: [{ path: name, message, remedy }],
    recoverable: store.run.value !== null,
  };
}

function openDropped(items: DataTransfer): void {
  const isFolder = [...items.items].some((item) => item.webkitGetAsEntry()?.isDirectory === true);
  const [file, second] = items.files;
  if (isFolder) return refuse("A folder", "A folder is no scenario.", "Drop the file of a scenario.");
  if (second) return refuse("More than one file", `${items.files.length} files were dropped.`, "Drop one file at a time.");
  if (file) void openFile(file);
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
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    openDropped(event.dataTransfer);
  }, { signal });
  return () => life.abort();
}
