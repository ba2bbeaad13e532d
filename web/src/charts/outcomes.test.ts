import { describe, expect, it } from "vitest";
import { outcomeSentence } from "./outcomes";

describe("outcomeSentence", () => {
  const none = { elected: 0, loss: 0, no_answer: 0, too_few_answers: 0, disagreement: 0, split_brain: 0 };

  it("names the most frequent failure", () => {
    expect(outcomeSentence({ ...none, elected: 8, loss: 0.5, no_answer: 1.5 })).toMatch(/80.0\u00a0% were completed; the most frequent failure: no Answer \(15.0\u00a0%\)/);
    expect(outcomeSentence({ ...none, elected: 1 })).toBe("Of 1 ended election, 100.0\u00a0% were completed.");
    expect(outcomeSentence(none)).toBe("No election has ended yet.");
  });
});
