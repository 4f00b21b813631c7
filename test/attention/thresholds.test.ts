import { describe, expect, it } from "vitest";
import { attentionInWords } from "../../src/attention/attention-in-words.ts";

/** What is said of one head. */
function said({ r2 = 0.8, beta = 5, entropy = 1 }: { r2?: number; beta?: number; entropy?: number }): string {
  return attentionInWords([{ text: 0, layer: 0, head: 0, rows: 9, entropy, log_keys: 3, pairs: 72, beta, r2 }]);
}

describe("what is said of attention changes", () => {
  it("where inner products explain a tenth and a half of it", () => {
    expect(said({ r2: 0.099 })).toContain("hardly depends on inner products");
    expect(said({ r2: 0.101 })).toContain("decide a part of attention, where SA");
    expect(said({ r2: 0.499 })).toContain("decide a part of attention, where SA");
    expect(said({ r2: 0.501 })).toContain("decide most of attention");
  });

  it("where a falling slope explains a tenth of it", () => {
    expect(said({ r2: 0.101, beta: -5 })).toContain("the other way round");
    expect(said({ r2: 0.099, beta: -5 })).toContain("hardly depends on inner products");
  });

  it("where its entropy is within a hundredth of that of equal weights", () => {
    expect(said({ entropy: 3 * 0.9901 })).toContain("all but even");
    expect(said({ entropy: 3 * 0.9899 })).toContain("decide most of attention");
  });
});
