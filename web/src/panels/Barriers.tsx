/** What stands between peers at present, in words: not every cut can be seen on the ring. */
import * as actions from "../store/actions";
import * as store from "../store/store";
import { Icon } from "../ui/Icon";

export function Barriers() {
  const { barriers, holds } = store.barriers.value;
  if (barriers.length === 0) return null;
  return (
    <div class={`barriers${holds ? "" : " open"}`} data-barriers={barriers.length}>
      <Icon name="cut" />
      <ul aria-label="What stands between peers">
        {barriers.map((words, i) => <li key={i}>{words}</li>)}
        {!holds && <li>open just now</li>}
      </ul>
      <button type="button" class="link" aria-label="Heal the ring" onClick={actions.heal}>Heal</button>
    </div>
  );
}
