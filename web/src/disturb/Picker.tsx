/** Everything else that can be done to a world: groups of names to choose from, and the form of the chosen one below its group. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { hexOf, shortHex } from "../ring/ids";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { sentence } from "../store/words";
import type { KnobValue, Problem } from "../wasm/ringside_wasm.js";
import { FieldRow } from "./FieldRow";
import { caught, commandOf, findForms, formById, GROUPS, problemsByField, valueOf, type Form } from "./forms";

export function Picker() {
  const wanted = useSignal("");
  const found = findForms(wanted.value);
  const open = store.disturbance.value;
  const first = found[0];
  return (
    <section class="picker" aria-label="More to do">
      <div class="picker-head">
        <h2>More</h2>
        <input
          type="search" id="find-disturbance" placeholder="Partition, clock, sybils…" aria-label="Find something to do to the world" value={wanted.value}
          onInput={(event) => (wanted.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !first) return;
            event.preventDefault();
            store.disturbance.value = first.id;
            focusForm();
          }}
        />
      </div>
      {found.length === 0 && <p class="hint">Nothing is called that.</p>}
      {GROUPS.map((group) => ({ group, forms: found.filter((form) => form.group === group) })).map(({ group, forms }) => forms.length > 0 && (
        <div class="picker-group" key={group} role="group" aria-label={group}>
          <h3>{group}</h3>
          <div class="chips">
            {forms.map((form) => (
              <button
                key={form.id} type="button" class={`chip${wanted.value !== "" && form === first ? " first" : ""}`} id={`chip-${form.id}`} title={form.says}
                aria-expanded={open === form.id} aria-controls={open === form.id ? "disturbance" : undefined}
                onClick={() => (store.disturbance.value = open === form.id ? null : form.id)}
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

/** Put the focus where somebody begins to fill the form in. */
export function focusForm(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>("#disturbance :is(input, select), #disturbance button")?.focus());
}

/** Show a form, wherever on the page somebody asks for it. */
export function openForm(id: string): void {
  if (!formById(id)) return;
  store.tab.value = "disturb";
  store.disturbance.value = id;
  focusForm();
}

function FormView({ form }: { form: Form }) {
  const written = useSignal<Readonly<Record<string, KnobValue>>>({});
  const problems = useSignal<Problem[]>([]);
  const done = useSignal<string | null>(null);
  const element = useRef<HTMLFormElement>(null);
  const id = store.selected.value;
  const selected = id === null ? null : hexOf(id);
  const byField = problemsByField(form, problems.value);
  useEffect(() => {
    written.value = { ...written.value, ...caught(form, written.value, selected) };
  }, [selected]);
  useEffect(() => element.current?.scrollIntoView({ block: "nearest" }), []);
  const write = (name: string, value: KnobValue): void => {
    written.value = { ...written.value, [name]: value };
    done.value = null;
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    problems.value = await actions.attempt(commandOf(form, written.value, selected));
    done.value = problems.value.length === 0 ? "Done: see the log." : null;
    if (problems.value.length > 0) requestAnimationFrame(() => element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  const close = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    store.disturbance.value = null;
    document.getElementById(`chip-${form.id}`)?.focus();
  };
  return (
    <form class="disturbance" id="disturbance" ref={element} aria-label={form.label} noValidate onSubmit={(event) => void submit(event)} onKeyDown={close}>
      <p>{form.says}</p>
      {Object.entries(form.fields).map(([name, field]) => (
        <FieldRow
          key={name} name={name} field={field} value={valueOf(field, written.value[name], selected)} problems={byField.get(name) ?? []}
          selected={selected} write={(value) => write(name, value)}
        />
      ))}
      {(byField.get("") ?? []).map((problem) => <p class="refused" key={problem.path}>{sentence(problem.message)} {sentence(problem.remedy)}</p>)}
      <div class="line">
        <button type="submit" class="primary" disabled={!store.run.value}>{form.label}</button>
        <span class="hint" role="status">{done.value ?? wherefore(form, selected)}</span>
      </div>
    </form>
  );
}

/** What the form still needs from the ring. */
function wherefore(form: Form, selected: string | null): string {
  const follows = Object.values(form.fields).some(({ kind }) => kind.type === "place" && kind.follows);
  if (!follows) return "";
  return selected === null ? "Select a peer on the ring." : `${shortHex(selected)}… is selected.`;
}
