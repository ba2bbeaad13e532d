/** What adversaries achieve; where the run is an attack or its defence, with the other one beside it. */
import { openExample } from "../share/examples";
import { outcomes, roleOf, type Role } from "../store/duel";
import { example, metrics } from "../store/store";
import { count, percent } from "../ui/format";
import type { Metrics } from "../wasm/ringside_wasm.js";

const ROWS: { name: string; title: string; read: (run: Metrics) => string }[] = [
  { name: "captured", title: "Adversaries among all with whom honest peers are Connected", read: ({ threat }) => percent(threat.captured) },
  { name: "worst hit", title: "The same for the honest peer that is hit worst", read: ({ threat }) => percent(threat.captured_max) },
  { name: "elections won", title: "Elections that adversaries have won", read: ({ threat }) => percent(threat.elections_won) },
  { name: "completed", title: "Completed elections among those that were started", read: ({ elections: e }) => percent(e.started > 0 ? e.completed / e.started : null) },
  { name: "condemned", title: "Honest peers that an honest peer suspects or does not want", read: ({ threat }) => percent(threat.condemned) },
  { name: "messages", title: "Messages sent", read: ({ messages }) => count(messages.total) },
  { name: "round", title: "Rounds so far", read: ({ rounds }) => count(rounds) },
];

const ROLES: Role[] = ["attack", "defence"];

export function Duel() {
  const pair = roleOf(example.value);
  const now = metrics.value;
  if (!now || (!pair && now.threat.adversaries === 0)) return null;
  const sides = pair
    ? ROLES.map((role) => ({ role, name: `${role}-${pair.about}`, run: outcomes.value.get(`${role}-${pair.about}`) }))
    : [{ role: null, name: null, run: now }];
  return (
    <section aria-label="Adversaries">
      <h2>Adversaries</h2>
      <table class="tight duel">
        <thead>
          <tr>
            <td />
            {sides.map(({ role, name }) => (
              <th scope="col" key={role}>
                {role === null || role === pair?.role
                  ? (role ?? "this run")
                  : <button type="button" data-open={role} onClick={() => name && void openExample(name)}>Open the {role}</button>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map((row) => (
            <tr key={row.name} data-row={row.name}>
              <th scope="row" title={row.title}>{row.name}</th>
              {sides.map(({ role, run }) => <td key={role} data-side={role}>{run ? row.read(run) : "–"}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      {pair && <p class="hint">The same world under two sets of rules: run the one, then open the other. Both stay here.</p>}
    </section>
  );
}
