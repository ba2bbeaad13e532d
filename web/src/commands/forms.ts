/** Forms of commands: search, values, and the command of a filled form. */
import type { Command, KnobValue, Problem } from "../wasm/ringside_wasm.js";
import type { Field } from "./fields";
import { FORMS, type Form } from "./table";

type Edits = Readonly<Record<string, KnobValue>>;

export function formById(id: string | null): Form | undefined {
  return FORMS.find((candidate) => candidate.id === id);
}

/** Forms that contain all words of a query, ranked by whether the label starts with it or contains it. */
export function findForms(query: string): Form[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = FORMS.filter(({ label, group, effect, keywords, kind }) => {
    const all = `${label} ${group} ${kind} ${effect} ${keywords}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const phrase = words.join(" ");
  const rank = (form: Form): number => {
    const label = form.label.toLowerCase();
    return label.startsWith(phrase) ? 0 : label.includes(phrase) ? 1 : 2;
  };
  return words.length === 0 ? found : found.sort((a, b) => rank(a) - rank(b));
}

/** Value of a field: its edit, else the selected peer if the field follows it, else the initial value. */
export function valueOf(field: Field, edit: KnobValue | undefined, selected: string | null): KnobValue {
  if (edit !== undefined) return edit;
  return field.kind.type === "id" && field.kind.follows && selected !== null ? selected : field.initial;
}

/**
 * Edits to make when a peer is selected. In a form with several ids, the first selected peer is kept as the
 * first of them, so that another peer can be selected for the next.
 */
export function editsOnSelection(form: Form, edits: Edits, selected: string | null): Record<string, KnobValue> {
  const ids = Object.entries(form.fields).filter(([, { kind }]) => kind.type === "id");
  if (selected === null || ids.length < 2) return {};
  const open = ids.filter(([name, { kind }]) => kind.type === "id" && kind.follows && edits[name] === undefined);
  return Object.fromEntries(open.map(([name]) => [name, selected]));
}

/** Command of a filled form. The core validates it. */
export function commandOf(form: Form, edits: Edits, selected: string | null): Command {
  const values = Object.entries(form.fields).map(([name, field]) => [name, valueOf(field, edits[name], selected)]);
  return { kind: form.kind, ...Object.fromEntries(values), ...form.fixed } as Command;
}

/**
 * Problems by field, those of no field under "". The path of a problem ends in the name of a field:
 * "command.peer".
 */
export function problemsByField(form: Form, problems: Problem[]): Map<string, Problem[]> {
  const found = new Map<string, Problem[]>();
  for (const problem of problems) {
    const name = problem.path.slice(problem.path.lastIndexOf(".") + 1);
    const key = name in form.fields ? name : "";
    found.set(key, [...(found.get(key) ?? []), problem]);
  }
  return found;
}
