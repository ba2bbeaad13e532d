/** Outcomes of elections as a stacked bar. */
import { OUTCOMES, outcomeSentence } from "../charts/outcomes";
import { metrics } from "../store/store";
import { count, percent } from "../ui/format";

export function Outcomes() {
  const outcomes = metrics.value?.outcomes;
  if (!outcomes) return null;
  const ended = OUTCOMES.reduce((sum, { name }) => sum + outcomes[name], 0);
  const share = (part: number): number => (ended > 0 ? part / ended : 0);
  return (
    <figure class="outcomes" data-chart="outcomes">
      <div class="stack" aria-hidden="true">
        {OUTCOMES.map(({ name }) => <i key={name} class={`o-${name}`} style={{ flexGrow: share(outcomes[name]) }} />)}
      </div>
      <ul>
        {OUTCOMES.map(({ name, title, meaning }) => (
          <li key={name} title={meaning} data-outcome={name}>
            <i class={`o-${name}`} aria-hidden="true" />
            <span>{title}</span>
            <output>{count(outcomes[name])}</output>
            <output>{percent(ended > 0 ? share(outcomes[name]) : null)}</output>
          </li>
        ))}
      </ul>
      <figcaption><span>{outcomeSentence(outcomes)}</span></figcaption>
    </figure>
  );
}
