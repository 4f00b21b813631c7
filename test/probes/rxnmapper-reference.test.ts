import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { productMeasures } from "../../probes/measures/product-measures.ts";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import { probeLayer } from "../../probes/probe-layer.ts";
import { SKIPS } from "../skips.ts";

/** Hugging Face's hidden states of a real ALBERT and NumPy's statistics of them; lies beside the project, not in it. */
const folder = new URL("../../../shared/models/rxnmapper-albert/reference/", import.meta.url);

interface Statistics {
  readonly mean: number;
  readonly std: number;
  readonly mass09: number;
}

type Reference = Readonly<Record<string, { readonly cosine: Readonly<Record<string, Statistics>> }>>;

/** The hidden states in a safetensors file of one text whose first and last tokens are special. */
function readStates(file: URL): HiddenStates {
  const bytes = readFileSync(file);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, start));
  const names = Object.keys(header).filter((name) => name.startsWith("hidden_states."));
  const layers = names.map((name) => {
    const [from, to] = header[name].data_offsets;
    return {
      layer: Number(name.slice(14)),
      x: new Float32Array(new Uint8Array(bytes.subarray(start + from, start + to)).buffer),
    };
  });
  const [n, d] = header[names[0]].shape;
  const special = Uint8Array.from({ length: n }, (_, i) => (i === 0 || i === n - 1 ? 1 : 0));
  return { batch: 1, n, d, layers, mask: new Uint8Array(n).fill(1), special, tokens: null };
}

describe.skipIf(SKIPS.shared.skipped)("cosines of rxnmapper-albert (skipped without ../shared)", () => {
  const reference: Reference = existsSync(folder)
    ? JSON.parse(readFileSync(new URL("cosine.json", folder), "utf8"))
    : {};

  it.each(Object.keys(reference))("agree with NumPy under both special-token policies, at every layer: %s", (name) => {
    const states = readStates(new URL(`${name}.safetensors`, folder));
    let compared = 0;
    for (const [key, expected] of Object.entries(reference[name].cosine)) {
      const [layer, specialTokens] = key.split(".");
      const index = states.layers.findIndex((entry) => entry.layer === Number(layer));
      if (index < 0) continue;
      const policy = resolvePolicy({ specialTokens: specialTokens as "keep" | "drop" });
      const rows = probeLayer(states, 0, index, { policy, measures: [productMeasures], intervals: false }).measures;
      const value = (measure: string) => rows.find((row) => row.measure === measure)?.value ?? Number.NaN;
      // Float64 on both sides: sums of some 10⁴ numbers below 1.
      expect(Math.abs(value("mean_cosine") - expected.mean)).toBeLessThan(1e-12);
      expect(Math.abs(value("sd_cosine") - expected.std)).toBeLessThan(1e-12);
      expect(value("mass_0.9")).toBe(expected.mass09);
      compared++;
    }
    expect(compared).toBe(2 * states.layers.length);
  });
});
