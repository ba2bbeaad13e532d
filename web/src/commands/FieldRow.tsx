/** Field of a command form, with the errors that the core reports for it. */
import { sentence } from "../store/text";
import type { KnobValue, Problem } from "../wasm/ringside_wasm.js";
import { BEHAVIOR_NAMES, BEHAVIORS } from "../protocol/behaviors";
import type { Field } from "./fields";

interface FieldRowProps {
  name: string;
  field: Field;
  value: KnobValue;
  problems: Problem[];
  /** Id of the selected peer. */
  selected: string | null;
  edit: (value: KnobValue) => void;
}

export function FieldRow(props: FieldRowProps) {
  const { name, field, value, problems } = props;
  const id = `field-${name}`;
  return (
    <div class="field" data-field={name}>
      <label for={id}>{field.label}</label>
      <div class="field-control"><Control {...props} id={id} /></div>
      {field.kind.type === "behavior" && <p class="meaning">{BEHAVIORS[value as keyof typeof BEHAVIORS]}</p>}
      {problems.length > 0 && (
        <p class="refused" id={`${id}-problem`} role="alert">
          {problems.map(({ message, remedy }) => `${sentence(message)} ${sentence(remedy)}`).join(" ")}
        </p>
      )}
    </div>
  );
}

function Control({ id, field, value, problems, selected, edit }: FieldRowProps & { id: string }) {
  const about = { id, "aria-invalid": problems.length > 0, ...(problems.length > 0 ? { "aria-describedby": `${id}-problem` } : {}) };
  const { kind } = field;
  switch (kind.type) {
    case "count":
      return (
        <>
          <input
            {...about} type="number" min={kind.min} max={kind.max} step={1} value={Number(value)}
            onInput={(event) => Number.isFinite(event.currentTarget.valueAsNumber) && edit(event.currentTarget.valueAsNumber)}
          />
          <span class="unit">{field.unit}</span>
        </>
      );
    case "share":
      return (
        <>
          <input {...about} type="range" min={0} max={1} step={0.01} value={Number(value)} onInput={(event) => edit(event.currentTarget.valueAsNumber)} />
          <output class="share">{Math.round(Number(value) * 100)} %</output>
        </>
      );
    case "id":
      return (
        <>
          <input
            {...about} class="id" spellcheck={false} autocomplete="off" autocapitalize="off" maxLength={16} placeholder="id of 16 digits"
            value={String(value)} onInput={(event) => edit(event.currentTarget.value.trim().toLowerCase())}
          />
          <button
            type="button" class="take" disabled={selected === null || selected === value} aria-label={`Use the selected peer as ${field.label}`}
            title="Use the selected peer" onClick={() => selected !== null && edit(selected)}
          >
            selected
          </button>
        </>
      );
    case "choice":
    case "behavior":
      return (
        <select {...about} value={String(value)} onChange={(event) => edit(event.currentTarget.value)}>
          {(kind.type === "choice" ? kind.options : BEHAVIOR_NAMES.slice(1)).map((option) => <option key={option} value={option}>{option.replaceAll("-", " ")}</option>)}
        </select>
      );
  }
}
