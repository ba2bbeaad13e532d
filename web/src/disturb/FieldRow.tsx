/** One field of a form, with what the core has to say about it. */
import { sentence } from "../store/words";
import type { KnobValue, Problem } from "../wasm/ringside_wasm.js";
import { CONDUCT_NAMES, CONDUCTS } from "./conducts";
import type { Field } from "./forms";

interface FieldRowProps {
  name: string;
  field: Field;
  value: KnobValue;
  problems: Problem[];
  /** The selected peer in digits. */
  selected: string | null;
  write: (value: KnobValue) => void;
}

export function FieldRow(props: FieldRowProps) {
  const { name, field, value, problems } = props;
  const id = `field-${name}`;
  return (
    <div class="field" data-field={name}>
      <label for={id}>{field.label}</label>
      <div class="field-control"><Control {...props} id={id} /></div>
      {field.kind.type === "conduct" && <p class="meaning">{CONDUCTS[value as keyof typeof CONDUCTS]}</p>}
      {problems.length > 0 && (
        <p class="refused" id={`${id}-problem`} role="alert">
          {problems.map(({ message, remedy }) => `${sentence(message)} ${sentence(remedy)}`).join(" ")}
        </p>
      )}
    </div>
  );
}

function Control({ id, field, value, problems, selected, write }: FieldRowProps & { id: string }) {
  const about = { id, "aria-invalid": problems.length > 0, ...(problems.length > 0 ? { "aria-describedby": `${id}-problem` } : {}) };
  const { kind } = field;
  switch (kind.type) {
    case "count":
      return (
        <>
          <input
            {...about} type="number" min={kind.min} max={kind.max} step={1} value={Number(value)}
            onInput={(event) => Number.isFinite(event.currentTarget.valueAsNumber) && write(event.currentTarget.valueAsNumber)}
          />
          <span class="unit">{field.unit}</span>
        </>
      );
    case "share":
      return (
        <>
          <input {...about} type="range" min={0} max={1} step={0.01} value={Number(value)} onInput={(event) => write(event.currentTarget.valueAsNumber)} />
          <output class="share">{Math.round(Number(value) * 100)} %</output>
        </>
      );
    case "place":
      return (
        <>
          <input
            {...about} class="place" spellcheck={false} autocomplete="off" autocapitalize="off" maxLength={16} placeholder="16 digits of an id"
            value={String(value)} onInput={(event) => write(event.currentTarget.value.trim().toLowerCase())}
          />
          <button
            type="button" class="take" disabled={selected === null || selected === value} aria-label={`Take the selected peer as ${field.label}`}
            title="Take the selected peer" onClick={() => selected !== null && write(selected)}
          >
            selected
          </button>
        </>
      );
    case "choice":
    case "conduct":
      return (
        <select {...about} value={String(value)} onChange={(event) => write(event.currentTarget.value)}>
          {(kind.type === "choice" ? kind.options : CONDUCT_NAMES.slice(1)).map((option) => <option key={option} value={option}>{option.replaceAll("-", " ")}</option>)}
        </select>
      );
  }
}
