import type { z } from "zod";
import { mean } from "../../probes/numerics/mean.ts";
import { between } from "../../probes/numerics/quantiles.ts";
import { randomLayers } from "../../sim/simulate/random-layers.ts";
import { SCHEMES } from "../../sim/theory/equiangular.ts";
import type { OutOptions } from "../command-line/common.ts";
import { drawFigure } from "../draw/draw-figure.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { schemesByLayer } from "../figures/theory/schemesByLayer.ts";
import { SCHEMES_BY_LAYER } from "../formats/schemes-format.ts";
import type { RANDOM_LAYERS, TheoryOptions } from "../options/theory.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { cell } from "./cell.ts";

type Told = z.infer<typeof SCHEMES_BY_LAYER.schema>;

/** Where nine in ten copies lie. */
const BAND = [0.05, 0.95] as const;

/** Random transformers of all six schemes on the same starts and matrices (R Figure 4; KGPR25). */
export async function theorySchemes(
  effects: Effects,
  o: TheoryOptions<typeof RANDOM_LAYERS> & OutOptions,
): Promise<void> {
  const { n, d, step, layers, copies, seed, alpha, tau, mlp, out, force = false } = o;
  const beta = o.beta ?? Math.sqrt(d);
  const target = out === undefined ? null : runFolderName(effects, out, "schemes");
  if (target !== null) requireFree(target, force);
  const found = await randomLayers(
    { schemes: SCHEMES, n, d, beta, step, layers, copies, firstSeed: seed, alpha, tau, mlp },
    (fraction) => effects.progress.update(fraction, "random layers of six schemes"),
  );
  effects.progress.stop();
  const quantile = (values: readonly number[], q: number) =>
    between(Float64Array.from(values).sort(), q * (values.length - 1));
  const schemes = SCHEMES.map((scheme, s) => ({
    scheme,
    mean: found[s].map((values) => mean(values)),
    low: found[s].map((values) => quantile(values, BAND[0])),
    high: found[s].map((values) => quantile(values, BAND[1])),
  }));
  const size = { n, d, beta, step, layers, copies, mlp: mlp ?? null, seed };
  const result: Told = { format: SCHEMES_BY_LAYER.name, version: 1, ...size, schemes };
  const about = `n = ${n}, d = ${d}, β = ${Number(beta.toPrecision(4))}, step ${step}, ${mlp === undefined ? "no MLP" : `MLP of ${mlp}`}, ${copies} copies`;
  if (target !== null)
    await fillFolder(effects, target, force, async (folder) => {
      writeFormat(folder, SCHEMES_BY_LAYER, result);
      await drawFigure(effects, folder, "schemesByLayer", schemesByLayer(rowsOf(result), about));
    });
  if (o.json) return void effects.print(JSON.stringify(result));
  const last = Array.from({ length: layers + 1 }, (_, layer) => [
    String(layer),
    ...schemes.map((one) => `${one.mean[layer].toPrecision(4)}`),
  ]);
  for (const line of table(["layer", ...SCHEMES], last)) effects.print(line);
  const ends = schemes.map((one) => `${one.scheme} ${cell(one.low[layers])} to ${cell(one.high[layers])}`);
  effects.print(`nine in ten copies at the end: ${ends.join("; ")}`);
  effects.print(`mean cosine of random transformers (${about})`);
}

function rowsOf({ schemes }: Told) {
  return schemes.flatMap(({ scheme, mean: means, low, high }) =>
    means.map((value, layer) => ({ scheme, layer, mean: value, low: low[layer], high: high[layer] })),
  );
}
