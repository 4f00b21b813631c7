import { TokensphereError } from "../../models/errors.ts";
import { randomSource } from "../../models/random.ts";
import { contextLayers } from "../../sim/simulate/context-layers.ts";
import { longContext } from "../../sim/theory/long-context.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { parseTimes } from "../options/parse-times.ts";
import type { CONTEXTS, TheoryOptions } from "../options/theory.ts";
import { cell } from "./cell.ts";

/** Attention layers over n and γ, exact for equiangular tokens and simulated on tokens that are so but for their width (R §6.3, Theorem 7). */
export async function theoryContexts(effects: Effects, o: TheoryOptions<typeof CONTEXTS>): Promise<void> {
  const { rho, layers, widthFactor, seed } = o;
  const [sizes, gammas] = [parseTimes(o.sizes, "--sizes"), parseTimes(o.gammas, "--gammas")];
  const wrong = sizes.find((n) => !Number.isInteger(n) || n < 2 || n > 16384);
  if (wrong !== undefined) throw new TokensphereError("usage", `--sizes: ${wrong}. give whole numbers from 2 to 16384`);
  if (!(rho > 0 && rho < 1)) throw new TokensphereError("usage", `--rho: ${rho}. give a number above 0 and below 1`);
  const critical = 1 / (1 - rho);
  const rows = [];
  for (const n of sizes) {
    const d = Math.max(2, Math.ceil(widthFactor * Math.log(n)));
    for (const gamma of gammas) {
      effects.progress.update(rows.length / (sizes.length * gammas.length), `layers on ${n} tokens`);
      const exact = equiangularLayers(n, rho, gamma, layers);
      const simulated = await contextLayers({ n, d, rho, gamma, layers }, randomSource(seed));
      const { limit } = longContext(n, rho, gamma);
      rows.push({ n, d, gamma, beta: gamma * Math.log(n), regime: regimeOf(gamma, critical), limit, exact, simulated });
    }
  }
  effects.progress.stop();
  if (o.json) return void effects.print(JSON.stringify({ rho, critical_gamma: critical, layers, seed, rows }));
  const lines = rows.map(({ n, d, gamma, regime, limit, exact, simulated }) => [
    String(n),
    String(d),
    cell(gamma),
    regime,
    ...[exact[1], simulated[1], limit, exact[layers], simulated[layers]].map((value) => value.toPrecision(5)),
  ]);
  const after = `after ${layers}`;
  const head = ["n", "d", "gamma", "regime", "one layer", "simulated", "n → ∞", after, "simulated"];
  for (const line of table(head, lines)) effects.print(line);
  effects.print(`critical gamma ${cell(critical)} at rho = ${rho}; simulated tokens have d = ⌈${widthFactor} log n⌉`);
}

/** An equiangular cloud stays so: each layer's cosine is the next one's ρ. */
function equiangularLayers(n: number, rho: number, gamma: number, layers: number): number[] {
  const cosines = [rho];
  for (let layer = 0; layer < layers; layer++) {
    const before = cosines[layer];
    cosines.push(before < 1 - Number.EPSILON ? longContext(n, before, gamma).cosine : 1);
  }
  return cosines;
}

function regimeOf(gamma: number, critical: number): string {
  if (Math.abs(gamma - critical) < 1e-12) return "critical, sparse mixing";
  return gamma < critical ? "uniform contraction" : "identity-like";
}
