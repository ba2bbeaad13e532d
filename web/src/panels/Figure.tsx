/** Figure with its name, and a bar if it is a share. */
export function Figure({ name, value, share, title }: { name: string; value: string; share?: number; title?: string }) {
  return (
    <div class="figure" title={title}>
      <dt>{name}</dt>
      <dd>{value}</dd>
      {share !== undefined && <div class="mini" aria-hidden="true"><i style={{ transform: `scaleX(${Math.min(1, Math.max(0, share))})` }} /></div>}
    </div>
  );
}
