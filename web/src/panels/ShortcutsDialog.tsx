/** Dialog with the keyboard shortcuts. */
import { useEffect, useRef } from "preact/hooks";
import * as store from "../store/store";
import { Icon } from "../ui/Icon";
import { OTHER_KEYS, SHORTCUTS } from "../ui/keys";

export function ShortcutsDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = store.shortcutsOpen.value;
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open) dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="shortcuts" aria-labelledby="shortcuts-title" onClose={() => (store.shortcutsOpen.value = false)}>
      <header>
        <h2 id="shortcuts-title">Keyboard</h2>
        <button type="button" class="quiet icon-only" aria-label="Close" onClick={() => (store.shortcutsOpen.value = false)}><Icon name="close" /></button>
      </header>
      <dl>
        {SHORTCUTS.map(({ label, effect }) => <div key={label}><dt><kbd>{label}</kbd></dt><dd>{effect}</dd></div>)}
        {OTHER_KEYS.map(([label, effect]) => <div key={label}><dt><kbd>{label}</kbd></dt><dd>{effect}</dd></div>)}
      </dl>
      <label class="line">
        <input
          type="checkbox" class="switch" role="switch" checked={store.singleKeys.value === "on"}
          onChange={(event) => (store.singleKeys.value = event.currentTarget.checked ? "on" : "off")}
        />
        Single-key shortcuts
      </label>
    </dialog>
  );
}
