/** Partitions and held links, in words: not all of them are visible on the ring. */
import * as actions from "../store/actions";
import * as store from "../store/store";
import { Icon } from "../ui/Icon";

export function Barriers() {
  const { barriers, holds } = store.barriers.value;
  if (barriers.length === 0) return null;
  return (
    <div class={`barriers${holds ? "" : " open"}`} data-barriers={barriers.length}>
      <Icon name="cut" />
      <ul aria-label="Partitions and held links">
        {barriers.map((words, i) => <li key={i}>{words}</li>)}
        {!holds && <li>lifted at the moment</li>}
      </ul>
      <button type="button" class="link" aria-label="Heal the ring" onClick={actions.heal}>Heal</button>
    </div>
  );
}
