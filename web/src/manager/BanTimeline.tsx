/** Timeline of the bans of a host: a row for each peer that misbehaved, incidents as ticks, bans as bars. */
import { shortHex } from "../ring/ids";
import { durationText } from "../sessions/bars";
import { select } from "../store/actions";
import { plural } from "../ui/format";
import type { PoolView } from "../wasm/ringside_wasm.js";
import { banRows, type BanRow } from "./story";

const WIDTH = 320;
/** Rows shown at most. */
const ROWS = 20;

export function BanTimeline({ views }: { views: PoolView[] }) {
  const rows = banRows(views);
  const to = views.at(-1)?.now_ms ?? 0;
  const banned = rows.filter(({ bans }) => bans.length > 0);
  const shown = rows.slice(0, ROWS);
  return (
    <figure class="chart" data-chart="bans" data-rows={rows.length} data-banned={banned.length}>
      <div class="chart-head"><h2>Bans</h2></div>
      <p class="subtitle">A row is a peer that has misbehaved; ticks are incidents, bars are bans, an arrow one for good</p>
      {shown.length > 0 && (
        <div class="table-wide"><table class="picture-table ban-table">
          <thead><tr><th>peer</th><th>bans</th><th>incidents</th><th>0 to {durationText(to)}</th></tr></thead>
          <tbody>{shown.map((row) => <Row key={row.peer} row={row} to={to} />)}</tbody>
        </table></div>
      )}
      <figcaption>
        <span>
          {rows.length === 0 ? "No peer has misbehaved towards this host." : `${plural(rows.length, "peer has", "peers have")} misbehaved, ${plural(banned.length, "was", "were")} banned.`}
          {rows.length > ROWS && ` The first ${ROWS} are shown.`}
        </span>
      </figcaption>
    </figure>
  );
}

function Row({ row: { peer, bans, incidents, count }, to }: { row: BanRow; to: number }) {
  const x = (ms: number): number => (Math.min(ms, to) / Math.max(1, to)) * WIDTH;
  const said = bans.map(({ from, to: end, isPermanent }) => `banned at ${durationText(from)} ${isPermanent ? "for good" : `until ${durationText(end)}`}`).join(", ");
  const kinds = [...new Set(incidents.map(({ kind }) => kind))].join(", ");
  return (
    <tr data-bans={bans.length}>
      <td><button type="button" class="chip" aria-label={`Select ${shortHex(peer)}`} onClick={() => select(BigInt(`0x${peer}`))}><code>{shortHex(peer)}</code></button></td>
      <td class="number">{count}</td>
      <td>{incidents.length} × {kinds}</td>
      <td>
        <svg class="strip" viewBox={`0 0 ${WIDTH} 14`} preserveAspectRatio="none" height="14" role="img" aria-label={said || "no ban"}>
          <rect class="track" x="0" y="6" width={WIDTH} height="2" />
          {bans.map(({ from, to: end, isPermanent }) => (
            <g key={from} class="f-danger">
              <rect x={x(from)} y="4" width={Math.max(1, x(end) - x(from))} height="6" />
              {isPermanent && <path d={`M${WIDTH} 7l-6 -7v14z`} />}
            </g>
          ))}
          {incidents.map(({ ms }, i) => <rect key={i} class="f-muted" x={x(ms)} y="0" width="1" height="14" />)}
        </svg>
      </td>
    </tr>
  );
}
