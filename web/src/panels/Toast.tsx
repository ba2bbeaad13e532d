/** Toast: notice of a completed action. */
import { useEffect, useRef } from "preact/hooks";
import { toast, type Toast } from "../store/store";
import { Icon } from "../ui/Icon";

/** Milliseconds for which a toast is shown; one with a text to copy stays. */
const STAY_MS = 4500;
/** The same for one that offers an action. */
const ACTION_STAY_MS = 15_000;

export function ToastView() {
  const shown = toast.value;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!shown) return;
    if (shown.copy !== undefined) {
      field.current?.select();
      return;
    }
    const timer = setTimeout(() => (toast.value = null), shown.action ? ACTION_STAY_MS : STAY_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div class="toast-place" role="status" aria-live="polite">
      {shown && (
        <div class="toast">
          <span>{shown.text}</span>
          {shown.copy !== undefined && <input ref={field} readOnly value={shown.copy} aria-label="Link to this run" />}
          {shown.action && <button type="button" class="action" onClick={() => act(shown.action)}>{shown.action.label}</button>}
          <button type="button" class="quiet icon-only" aria-label="Dismiss" onClick={() => (toast.value = null)}><Icon name="close" /></button>
        </div>
      )}
    </div>
  );
}

function act(action: Toast["action"]): void {
  toast.value = null;
  action?.run();
}
