import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withoutDiagonal } from "../../src/figures/parts/without-diagonal.ts";
import { readRun } from "../../src/run/read-run.ts";
import type { VariantSet } from "../../src/run/variant-set.ts";
import { SKIPS } from "../skips.ts";
import { runCli } from "./run-cli.ts";

const albert = fileURLToPath(new URL("../../../shared/models/rxnmapper-albert/", import.meta.url));

/** Hugging Face's statistics of the same states, pairs i < j, special tokens kept. */
type Reference = Readonly<
  Record<string, { text: string; cosine: Record<string, { mean: number; mass09: number; n: number }> }>
>;
const TEXTS = ["amide-coupling", "suzuki", "pictet-spengler"];

describe.skipIf(SKIPS.shared.skipped)(`the preset on a pretrained ALBERT of 8 heads and 12 layers`, () => {
  let cwd = "";
  let set: VariantSet;
  let words: readonly string[];
  let reference: Reference;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), "tokensphere-preset-"));
    reference = JSON.parse(readFileSync(join(albert, "reference/cosine.json"), "utf8"));
    const texts = TEXTS.flatMap((name) => ["--text", reference[`${name}.L48.H8`].text]);
    const result = await runCli(["probe", albert, "--preset", "glpr-figure1", ...texts, "--out", "run"], { cwd });
    words = result.out;
    set = readRun(join(cwd, "run")).data.variants!;
  }, 60_000);
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  /** One measure of one text after one layer, pairs i ≠ j. */
  function value(variant: number, text: number, layer: number, measure: string): number {
    const rows = withoutDiagonal(set.variants[variant].metrics);
    return rows.find((row) => row.text === text && row.layer === layer && row.measure === measure)!.value;
  }

  it("finds the collapse of the published figure with one head, and none with the heads that were trained", async ({
    annotate,
  }) => {
    const masses = set.variants.map(({ label }, v) => ({
      label,
      mass: TEXTS.map((_, text) => value(v, text, 48, "mass_0.9")),
    }));
    for (const { label, mass } of masses) {
      await annotate(`mass(cos > .9) at layer 48, ${label}: ${mass.map((m) => m.toFixed(4)).join(", ")}`);
    }
    const [published, own] = masses;
    expect([published.label, own.label]).toEqual(["1 head", "8 heads"]);
    // Known of this model: .12 to .76 with one head, at most .016 with eight.
    expect(Math.min(...published.mass)).toBeGreaterThan(0.12);
    expect(Math.max(...published.mass)).toBeLessThan(0.76);
    expect(Math.max(...own.mass)).toBeLessThanOrEqual(0.016);
    expect(words[2]).toBe("The drawing together by layer 48 is seen with 1 head only, not with 8 heads.");
    expect(words[3]).toMatch(/^With 8 heads 0\.1 % .* at layer 12, the last that was trained: not collapsed\.$/);
  });

  it.each(TEXTS)("has Hugging Face's numbers with the heads that were trained: %s", (name) => {
    const text = TEXTS.indexOf(name);
    for (const layer of [12, 48]) {
      const { mean, mass09, n } = reference[`${name}.L48.H8`].cosine[`${layer}.keep`];
      // float32 states over 48 blocks: 1e-3 is the tolerance of the checkpoint itself at this depth.
      expect(Math.abs(value(1, text, layer, "mean_cosine") - mean)).toBeLessThan(1e-3);
      // A pair at the threshold may fall on either side: two of n (n − 1)/2.
      expect(Math.abs(value(1, text, layer, "mass_0.9") - mass09)).toBeLessThan(5 / (n * (n - 1)));
    }
  });
});
