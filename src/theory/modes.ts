import { setImmediate } from "node:timers/promises";
import { randomNormal } from "d3-random";
import { TokensphereError } from "../../models/errors.ts";
import { type RandomSource, randomSource } from "../../models/random.ts";
import { mean } from "../../probes/numerics/mean.ts";
import { standardError } from "../../sim/mean-field/particle-distances.ts";
import { expectedModes } from "../../sim/theory/expected-modes.ts";
import { circleModes, expectedCircleModes, lineModes } from "../../sim/theory/kde-modes.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { parseTimes } from "../options/parse-times.ts";
import type { MODES, TheoryOptions } from "../options/theory.ts";
import { shortCell } from "../words/number-cell.ts";

/** What a sample is drawn from: one draw, its modes, and what these are on average as n grows, where that is known. */
interface Law {
  readonly draw: (random: RandomSource) => () => number;
  readonly modes: (sample: Float64Array, beta: number) => number;
  readonly limit: (beta: number) => number | null;
  readonly words: string;
}

const LAWS: Readonly<Record<"uniform" | "normal", Law>> = {
  uniform: {
    draw: (random) => () => 2 * Math.PI * random(),
    modes: circleModes,
    limit: expectedCircleModes,
    words: "uniform on the circle, kernel e^{β cos θ}",
  },
  normal: {
    draw: (random) => randomNormal.source(random)(),
    modes: lineModes,
    limit: () => null,
    words: "standard normal on the line, kernel e^{−βx²/2}",
  },
};

/** Modes of the kernel density of samples: how many clusters mean shift leaves (R §5.3, GRS25). */
export async function theoryModes(effects: Effects, o: TheoryOptions<typeof MODES>): Promise<void> {
  const { n, copies, seed, law } = o;
  const betas = parseTimes(o.betas, "--betas");
  const wrong = betas.find((beta) => !(beta > 0 && beta <= 1e8));
  if (wrong !== undefined) throw new TokensphereError("usage", `--betas: ${wrong}. give numbers above 0 and up to 1e8`);
  const { draw, modes, limit, words } = LAWS[law];
  const found = betas.map(() => new Float64Array(copies));
  for (let copy = 0; copy < copies; copy++) {
    const sample = Float64Array.from({ length: n }, draw(randomSource(seed + copy)));
    for (const [b, beta] of betas.entries()) found[b][copy] = modes(sample, beta);
    effects.progress.update((copy + 1) / copies, "counting modes");
    // So that signals are heard.
    await setImmediate();
  }
  effects.progress.stop();
  const means = found.map(mean);
  const rows = betas.map((beta, b) => ({
    ...{ beta, modes: means[b], error: standardError(found[b], means[b]), limit: limit(beta) },
    sqrt_beta: Math.sqrt(beta),
    sqrt_beta_log_beta: expectedModes(beta),
  }));
  if (o.json) return void effects.print(JSON.stringify({ law, n, copies, seed, rows }));
  const lines = rows.map((row) =>
    [row.beta, row.modes, row.error, row.limit, row.sqrt_beta, row.sqrt_beta_log_beta].map((value) =>
      shortCell(value, 5),
    ),
  );
  for (const line of table(["beta", "modes", "± se", "n → ∞", "√β", "√(β log β)"], lines)) effects.print(line);
  effects.print(`${copies} samples of ${n}: ${words}`);
}
