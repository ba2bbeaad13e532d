/** Impact of adversaries; an example of an attack or its defence is compared with its counterpart. */
import { openExample } from "../share/examples";
import { pairMetrics, roleOf, type Role } from "../store/attackPairs";
import { example, metrics } from "../store/store";
import { count, percent } from "../ui/format";
import type { Metrics } from "../wasm/ringside_wasm.js";

const ROWS: { name: string; title: string; read: (run: Metrics) => string }[] = [
  { name: "captured", title: "Share of adversaries among the Connected peers of honest peers", read: ({ threat }) => percent(threat.captured) },
  { name: "worst-hit victim", title: "The same share for the honest peer with the highest one", read: ({ threat }) => percent(threat.captured_max) },
  { name: "elections won", title: "Share of elections won by adversaries", read: ({ threat }) => percent(threat.elections_won) },
  { name: "completed", title: "Completed elections as a share of those started", read: ({ elections: e }) => percent(e.started > 0 ? e.completed / e.started : null) },
  { name: "honest peers wrongly suspected", title: "Share of honest peers that an honest peer suspects of misbehavior", read: ({ threat }) => percent(threat.condemned) },
  { name: "messages", title: "Messages sent", read: ({ messages }) => count(messages.total) },
  { name: "round", title: "Completed rounds", read: ({ rounds }) => count(rounds) },
];

const ROLES: Role[] = ["attack", "defence"];

export function AttackComparison() {
  const pair = roleOf(example.value);
  const now = metrics.value;
  if (!now || (!pair && now.threat.adversaries === 0)) return null;
  const sides = pair
    ? ROLES.map((role) => ({ role, name: `${role}-${pair.about}`, run: pairMetrics.value.get(`${role}-${pair.about}`) }))
    : [{ role: null, name: null, run: now }];
  return (
    <section aria-label="Adversaries">
      <h2>Adversaries</h2>
      <table class="tight comparison">
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
      {pair && <p class="hint">The same world with and without the defence: run one, then open the other. The results of both are kept.</p>}
    </section>
  );
}
