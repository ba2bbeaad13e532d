/** Picker of commands: labels in groups, and the form of the open one below its group. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { hexOf, shortHex } from "../ring/ids";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { sentence } from "../store/text";
import type { KnobValue, Problem } from "../wasm/ringside_wasm.js";
import { FieldRow } from "./FieldRow";
import { commandOf, editsOnSelection, findForms, problemsByField, valueOf } from "./forms";
import { focusForm } from "./focus";
import { GROUPS, type Form } from "./table";

export function CommandPicker() {
  const query = useSignal("");
  const found = findForms(query.value);
  const open = store.openForm.value;
  const first = found[0];
  return (
    <section class="picker" aria-label="More commands">
      <div class="picker-head">
        <h2>More commands</h2>
        <input
          type="search" id="find-command" placeholder="Partition, clock, sybils…" aria-label="Find a command" value={query.value}
          onInput={(event) => (query.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !first) return;
            event.preventDefault();
            store.openForm.value = first.id;
            focusForm();
          }}
        />
      </div>
      {found.length === 0 && <p class="hint">No command matches.</p>}
      {GROUPS.map((group) => ({ group, forms: found.filter((form) => form.group === group) })).map(({ group, forms }) => forms.length > 0 && (
        <div class="picker-group" key={group} role="group" aria-label={group}>
          <h3>{group}</h3>
          <div class="chips">
            {forms.map((form) => (
              <button
                key={form.id} type="button" class={`chip${query.value !== "" && form === first ? " first" : ""}`} id={`chip-${form.id}`} title={form.effect}
                aria-expanded={open === form.id} aria-controls={open === form.id ? "command-form" : undefined}
                onClick={() => (store.openForm.value = open === form.id ? null : form.id)}
              >
                {form.label}
              </button>
            ))}
          </div>
          {forms.map((form) => form.id === open && <FormView key={form.id} form={form} />)}
        </div>
      ))}
    </section>
  );
}

function FormView({ form }: { form: Form }) {
  const edits = useSignal<Readonly<Record<string, KnobValue>>>({});
  const problems = useSignal<Problem[]>([]);
  const done = useSignal<string | null>(null);
  const element = useRef<HTMLFormElement>(null);
  const id = store.selected.value;
  const selected = id === null ? null : hexOf(id);
  const byField = problemsByField(form, problems.value);
  useEffect(() => {
    edits.value = { ...edits.value, ...editsOnSelection(form, edits.value, selected) };
  }, [selected]);
  useEffect(() => element.current?.scrollIntoView({ block: "nearest" }), []);
  const edit = (name: string, value: KnobValue): void => {
    edits.value = { ...edits.value, [name]: value };
    done.value = null;
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    problems.value = await actions.tryCommand(commandOf(form, edits.value, selected));
    done.value = problems.value.length === 0 ? "Done: see the log." : null;
    if (problems.value.length > 0) requestAnimationFrame(() => element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  const close = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    store.openForm.value = null;
    document.getElementById(`chip-${form.id}`)?.focus();
  };
  return (
    <form class="command-form" id="command-form" ref={element} aria-label={form.label} noValidate onSubmit={(event) => void submit(event)} onKeyDown={close}>
      <p>{form.effect}</p>
      {Object.entries(form.fields).map(([name, field]) => (
        <FieldRow
          key={name} name={name} field={field} value={valueOf(field, edits.value[name], selected)} problems={byField.get(name) ?? []}
          selected={selected} edit={(value) => edit(name, value)}
        />
      ))}
      {(byField.get("") ?? []).map((problem) => <p class="refused" key={problem.path}>{sentence(problem.message)} {sentence(problem.remedy)}</p>)}
      <div class="line">
        <button type="submit" class="primary" disabled={!store.run.value}>{form.label}</button>
        <span class="hint" role="status">{done.value ?? selectionHint(form, selected)}</span>
      </div>
    </form>
  );
}

/** Hint on the selected peer, if a field follows it. */
function selectionHint(form: Form, selected: string | null): string {
  const follows = Object.values(form.fields).some(({ kind }) => kind.type === "id" && kind.follows);
  if (!follows) return "";
  return selected === null ? "Select a peer on the ring." : `${shortHex(selected)}… is selected.`;
}
