import { describe, expect, it } from "vitest";
import { glprFigure1 } from "../../probes/glpr-figure1.ts";
import { defaultPolicy, type PartialPolicy, removedDirections, resolvePolicy } from "../../probes/policy/policy.ts";
import { policyRecord } from "../../probes/policy/policy-record.ts";

describe("the policy", () => {
  it("drops special tokens, normalizes, and counts pairs i < j of one text by default", () => {
    const expected = { specialTokens: "drop", normalize: "l2", center: "none", diagonal: "exclude", pairs: "within" };
    expect(resolvePolicy()).toEqual(expected);
    expect(defaultPolicy).toEqual(expected);
  });

  it("takes an undefined part for one that was left out", () => {
    expect(resolvePolicy({ normalize: undefined, center: "mean" })).toEqual({ ...defaultPolicy, center: "mean" });
  });

  it.each([
    [{ specialTokens: "none" }, /^`specialTokens`: none\. use drop, keep or only/],
    [{ normalize: "L2" }, /^`normalize`: L2\. use l2, none, layernorm or standardize/],
    [{ center: "abtt:0" }, /^`center`: abtt:0/],
    [{ center: "abtt:1.5" }, /^`center`: abtt:1\.5/],
    [{ center: "abtt" }, /^`center`: abtt\./],
    [{ diagonal: "yes" }, /^`diagonal`: yes/],
    [{ pairs: "all" }, /^`pairs`: all/],
    [{ pairs: "across", diagonal: "include" }, /no diagonal/],
    [{ padding: "keep" }, /unknown policy: padding/],
    [{ toString: "keep" }, /unknown policy: toString/],
  ])("refuses %j as a fault of the command line", (partial, message) => {
    const resolve = () => resolvePolicy(partial as unknown as PartialPolicy);
    expect(resolve).toThrow(expect.objectContaining({ kind: "usage", message: expect.stringMatching(message) }));
  });

  it("reads how many directions abtt removes", () => {
    expect([removedDirections("none"), removedDirections("mean"), removedDirections("abtt:12")]).toEqual([0, 0, 12]);
  });

  it("is recorded as plain data with what was known of special tokens", () => {
    const record = policyRecord(defaultPolicy, false);
    expect(JSON.parse(JSON.stringify(record))).toEqual({
      ...defaultPolicy,
      specialKnown: false,
      padding: "never counted",
      order: ["select", "center", "normalize"],
    });
  });

  it("has the preset of the published Figure 1: specials kept, diagonal included, Freedman–Diaconis bins", () => {
    expect(glprFigure1.policy).toMatchObject({ specialTokens: "keep", diagonal: "include", normalize: "l2" });
    expect(glprFigure1.binRule).toBe("freedman-diaconis");
  });
});
