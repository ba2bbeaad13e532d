/** Channels and answers of elections, and the messages that they refused, by reason. */
import { metrics } from "../store/store";
import { count, percent } from "../ui/format";
import { Figure } from "./Figure";

export default function ElectionDetails() {
  const details = metrics.value?.election_details;
  if (!details) return null;
  const { channels_opened: opened, channels_answered: answered, channels_blocked: blocked } = details;
  const refused = [...details.rejections].sort((a, b) => b.count - a.count);
  return (
    <>
      <dl class="figures">
        <Figure name="channels of ended ones" value={count(opened)} title="Channels opened by elections that have ended, those included that a Referral has closed" />
        <Figure name="answers accepted" value={count(answered)} />
        <Figure name="channels blocked" value={count(blocked)} title="By a second Answer" />
        <Figure name="different responders" value={percent(details.responder_diversity)} share={details.responder_diversity ?? 0} title="Share of an election's Answers that come from different peers" />
        <Figure name="Answers that agree" value={percent(details.agreement)} share={details.agreement ?? 0} title="Answers of completed elections that claim the winner's block" />
      </dl>
      {refused.length > 0 && (
        <details class="section" data-testid="refused">
          <summary><span>Messages that changed nothing, by reason</span></summary>
          <dl class="figures">
            {refused.map(({ reason, count: number }) => <Figure key={reason} name={reason.replaceAll("_", " ")} value={count(number)} />)}
          </dl>
        </details>
      )}
    </>
  );
}
