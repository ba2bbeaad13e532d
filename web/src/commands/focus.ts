/** Focus on parts of the Commands tab, which is loaded when it is first shown. */
import * as store from "../store/store";

/** Animation frames within which a part is expected. */
const PATIENCE = 300;

/** Focuses the first element of a selector as soon as it exists. */
function focusSoon(selector: string, patience = PATIENCE): void {
  requestAnimationFrame(() => {
    const found = document.querySelector<HTMLElement>(selector);
    if (found) found.focus();
    else if (patience > 0) focusSoon(selector, patience - 1);
  });
}

/** Opens the Commands tab at its search. */
export function findCommand(): void {
  store.tab.value = "commands";
  focusSoon("#find-command");
}

/** Focuses the first field of the open form. */
export function focusForm(): void {
  focusSoon("#command-form :is(input, select), #command-form button");
}

/** Opens a form on the Commands tab. */
export function openForm(id: string): void {
  store.tab.value = "commands";
  store.openForm.value = id;
  focusForm();
}
