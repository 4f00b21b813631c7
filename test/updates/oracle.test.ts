import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cloud, type Cloud64, toCloud64 } from "../../probes/cloud.ts";
import { closestInCommon, productCorrelation, productRmse } from "../../probes/pairs/product-agreement.ts";
import { type GramEngine, openGramEngine } from "../../probes/products/gram-engine.ts";
import { packGram } from "../../probes/products/gram-matrix.ts";
import { fieldShares } from "../../probes/updates/field-shares.ts";
import { kernelField } from "../../probes/updates/kernel-field.ts";
import { layerStep } from "../../probes/updates/layer-step.ts";
import { withoutSelection } from "../../probes/updates/without-selection.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { SKIPS } from "../skips.ts";
import { clouds } from "./oracle-clouds.ts";

/** Oracles lie beside the project, not in it. */
const shared = new URL("../../../shared/", import.meta.url);
const there = existsSync(new URL("reference/partial.json", shared));

interface Case<Layer> {
  readonly text: string;
  readonly layers: readonly ({ readonly from: number } & Layer)[];
}

function read<Layer>(name: string): readonly Case<Layer>[] {
  return there ? JSON.parse(readFileSync(new URL(`reference/${name}`, shared), "utf8")).cases : [];
}

const states = (text: string): Cloud64[] =>
  existsSync(new URL(`fit/${text}.safetensors`, shared))
    ? clouds(new URL(`fit/${text}.safetensors`, shared), false)
    : clouds(new URL(`models/rxnmapper-albert/reference/${text}.L12.H8.safetensors`, shared), true);

/** What SA at β = 4 from layer 0, or nothing that moves, predicts of the products of a layer. */
interface Agreement {
  readonly time?: number;
  readonly layer: number;
  readonly pair_correlation: number;
  readonly pair_rmse: number;
  readonly closest_1_percent: number;
}

const pairs = (there ? JSON.parse(readFileSync(new URL("reference/comparison.json", shared), "utf8")).cases : []) as {
  readonly text: string;
  readonly sa_beta_4: readonly Agreement[];
  readonly frozen: readonly Agreement[];
}[];

describe.skipIf(SKIPS.shared.skipped)("shares of the updates (skipped without ../shared)", () => {
  let engine: GramEngine;
  beforeAll(async () => {
    engine = await openGramEngine(1);
  });
  afterAll(() => engine.close());

  /** Every share that the oracle has of a layer, beside ours. */
  async function compare(x: readonly Cloud64[], layer: object & { readonly from: number }, tolerance: number) {
    const step = await layerStep(x[layer.from], x[layer.from + 1], engine.across);
    const remainder = withoutSelection(step);
    const kernels = new Map<number, Awaited<ReturnType<typeof kernelField>>>();
    const wrong: string[] = [];
    for (const [name, expected] of Object.entries(layer)) {
      if (typeof expected !== "object") continue;
      const [kind, beta = "0"] = name.split("_");
      const kernel = kernels.get(Number(beta)) ?? (await kernelField(step, Number(beta), engine.across));
      kernels.set(Number(beta), kernel);
      const shares = fieldShares(step, remainder, kind === "usa" ? kernel.exponential : kernel.softmax);
      for (const [share, value] of Object.entries<number>(expected)) {
        const found = shares[share as keyof typeof shares] ?? Number.NaN;
        if (!(Math.abs(found / value - 1) < tolerance)) wrong.push(`${name} ${share}: ${found}, not ${value}`);
      }
    }
    expect(wrong, `layer ${layer.from}`).toEqual([]);
    return { step, remainder };
  }

  it.each(read<{ readonly update_rms: number }>("comparison.json"))("agree with NumPy: $text", async (one) => {
    const x = states(one.text);
    for (const layer of one.layers) {
      // What the oracle promises: float64 on both sides, sums of some thousand terms that partly cancel.
      const { step } = await compare(x, layer, 1e-9);
      expect(Math.abs((step.size ?? 0) / layer.update_rms - 1)).toBeLessThan(1e-12);
    }
  });

  it.each(read<{ readonly without_selection: number }>("partial.json"))(
    "agree beyond what needs no selection: $text",
    async (one) => {
      const x = states(one.text);
      for (const layer of one.layers) {
        // Least squares on columns whose condition number reaches 1e5, by another method.
        const { remainder } = await compare(x, layer, 1e-8);
        expect(Math.abs((remainder.withoutSelection ?? 0) / layer.without_selection - 1)).toBeLessThan(1e-8);
      }
    },
  );

  it.each(pairs)("agree with NumPy on the pairs of a prediction: $text", async ({ text, sa_beta_4, frozen }) => {
    const x = states(text);
    const products = async (cloud: Cloud64) => packGram(await engine.gram(cloud), cloud.n);
    const agree = async (predicted: Cloud64, expected: Agreement, tolerance: number) => {
      const [seen, said] = [await products(x[expected.layer]), await products(predicted)];
      expect(Math.abs((productCorrelation(seen, said) ?? 9) / expected.pair_correlation - 1)).toBeLessThan(tolerance);
      expect(Math.abs(productRmse(seen, said) / expected.pair_rmse - 1)).toBeLessThan(tolerance);
      expect(closestInCommon(seen, said)).toBe(expected.closest_1_percent);
    };
    for (const expected of frozen) await agree(x[0], expected, 1e-12);
    const { n, d } = x[0];
    const found: Cloud64[] = [];
    const save = (_s: number, _k: number, _t: number, cloud: Cloud) => void found.push(toCloud64(cloud));
    const times = sa_beta_4.map(({ time = 0 }) => time);
    const task = { dynamics: "sa", n, d, systems: [{ beta: 4, x0: x[0].x }], times, rtol: 1e-11, atol: 1e-11 };
    await simulate(task, { save });
    // Ours is integrated to 1e-11 a step; the oracle's is no more exact.
    for (const [k, expected] of sa_beta_4.entries()) await agree(found[k], expected, 1e-9);
  });
});
