/** Contacts of the selected peer by state, each of which can be selected; a chunk of its own. */
import { PEER_STATES, STATUS } from "../protocol/peerStates";
import { hexOf, shortHex } from "../ring/ids";
import * as actions from "../store/actions";
import * as store from "../store/store";
import { peersInView } from "../store/workerClient";
import { count } from "../ui/format";

/** Maximum number of contacts that are listed in each state. */
const LISTED = 60;

export default function Contacts() {
  const { ids, detail } = peersInView();
  // The contacts are indices into the last frame, which is no signal itself.
  if (store.frameTick.value === null || !detail) return null;
  const states = PEER_STATES.slice(STATUS.identified, STATUS.connected + 1).reverse();
  return (
    <>
      {states.map(({ code, label }) => {
        const contacts = [...detail.contacts].filter((_, i) => detail.contactState[i] === code);
        return contacts.length > 0 && (
          <p key={code} class="line" data-contacts={code}>
            <span class="hint">{label}</span>
            {contacts.slice(0, LISTED).map((index) => <Contact key={index} id={ids[index] ?? 0n} />)}
            {contacts.length > LISTED && <span class="hint">and {count(contacts.length - LISTED)} more</span>}
          </p>
        );
      })}
      {detail.contacts.length === 0 && <p class="hint">It knows no other peer.</p>}
    </>
  );
}

function Contact({ id }: { id: bigint }) {
  const hex = hexOf(id);
  return <button type="button" class="chip" aria-label={`Select ${shortHex(hex)}`} title={hex} onClick={() => actions.select(id)}><code>{shortHex(hex)}</code></button>;
}
