import { setImmediate } from "node:timers/promises";
import type { z } from "zod";
import { TokensphereError } from "../../models/errors.ts";
import { circleGrowth } from "../../sim/mean-field/circle-stability.ts";
import { type Bifurcation, type BranchPoint, densityBifurcation } from "../../sim/mean-field/density-bifurcation.ts";
import { zonalGrowth } from "../../sim/mean-field/zonal-stability.ts";
import { continuousUpTo, criticalNoise } from "../../sim/theory/critical-noise.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import { drawFigure } from "../draw/draw-figure.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { bifurcationDiagram } from "../figures/theory/bifurcationDiagram.ts";
import { BIFURCATION } from "../formats/theory-formats.ts";
import type { BifurcationOptions } from "../options/densities.ts";
import { parseTimes } from "../options/parse-times.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { shortCell } from "../words/number-cell.ts";

/** What `mean-field bifurcation --json` prints. */
type BifurcationJson = z.infer<typeof BIFURCATION.schema>;

/** A density at rest, as it is told. */
type State = BifurcationJson["turns"][number];

/** Densities at rest under noise at each κ: the uniform one and those with peaks, stable or not (R §7). */
export async function bifurcationCommand(
  effects: Effects,
  options: BifurcationOptions & CommonOptions & OutOptions,
): Promise<void> {
  const { out, force = false, json = false, dynamics, d, beta, peaks, kmax } = options;
  const kappas = parseTimes(options.kappas, "--kappas").map((kappa) => Number(kappa.toPrecision(12)));
  const wrong = kappas.find((kappa) => !(kappa > 0));
  if (wrong !== undefined) throw new TokensphereError("usage", `--kappas: ${wrong}. give numbers above 0`);
  const target = out === undefined ? null : runFolderName(effects, out, "bifurcation");
  if (target !== null) requireFree(target, force);
  effects.progress.update(0, "following the branch");
  const found = await densityBifurcation({ dynamics, d, beta, peaks, mostKappa: Math.max(...kappas) });
  const result = await toJson(found, kappas, kmax, (fraction) =>
    effects.progress.update(fraction, "solving at each κ"),
  );
  effects.progress.stop();
  const unreached = kappas.filter((kappa) => kappa > result.followed_to).length;
  if (unreached > 0) effects.say(`the branch could be followed to κ = ${result.followed_to.toPrecision(5)} only`);
  if (target !== null) {
    await fillFolder(effects, target, force, async (folder) => {
      writeFormat(folder, BIFURCATION, result);
      await drawFigure(effects, folder, "bifurcationDiagram", figureOf(result, kappas));
    });
  }
  if (json) effects.print(JSON.stringify(result));
  else print(effects, result);
  if (out !== undefined && !json) effects.print(out);
}

async function toJson(
  found: Bifurcation,
  kappas: readonly number[],
  kmax: number,
  progress: (fraction: number) => void,
): Promise<BifurcationJson> {
  const { dynamics, d, beta, peaks, criticalKappa, branch, turns, equalEnergy, moments } = found;
  const uniform = (kappa: number): State => {
    const growth = d === 2 ? circleGrowth(dynamics, beta, kappa, []) : zonalGrowth(dynamics, d, beta, kappa, []);
    const state = stateOf({ order: 0, kappa, growth, freeEnergy: dynamics === "usa" ? 0 : null });
    return { ...state, moments: new Array<number>(kmax).fill(0) };
  };
  const told = (point: BranchPoint): State => ({ ...stateOf(point), moments: [...moments(point.order, kmax)] });
  const rows = [];
  for (const kappa of kappas) {
    rows.push({ kappa, states: [uniform(kappa), ...found.at(kappa).map(told)] });
    progress(rows.length / kappas.length);
    // So that signals are heard.
    await setImmediate();
  }
  return {
    format: BIFURCATION.name,
    version: 1,
    ...{ dynamics, d, beta, peaks },
    critical_kappa: criticalKappa,
    beta_star: dynamics === "usa" && peaks === 1 ? continuousUpTo(d) : null,
    transition: branch.some(({ kappa }) => kappa < criticalKappa * (1 - 1e-9)) ? "discontinuous" : "continuous",
    turns: turns.map(stateOf),
    equal_energy: equalEnergy,
    followed_to: branch[branch.length - 1].kappa,
    rows,
    branch: branch.map(stateOf),
  };
}

function stateOf({ order, kappa, growth, freeEnergy }: BranchPoint): State {
  return { order, kappa, stable: growth === null ? null : growth < 0, growth, free_energy: freeEnergy };
}

function figureOf(result: BifurcationJson, kappas: readonly number[]) {
  const { dynamics, d, beta, critical_kappa, branch, turns } = result;
  const [least, most] = [Math.min(...kappas), Math.max(...kappas)];
  // The uniform density loses stability to one peak first, whatever the branch.
  const loss = criticalNoise(d, beta)[dynamics];
  const uniform = [least, ...(loss > least && loss < most ? [loss] : []), most].map((kappa) => ({
    kappa,
    order: 0,
    stable: kappa <= loss,
  }));
  const about = `${dynamics.toUpperCase()}, β = ${beta}, d = ${d}; line: κ_# = ${critical_kappa.toPrecision(5)}`;
  return bifurcationDiagram({
    branch: [...branch, ...turns]
      .sort((a, b) => a.order - b.order)
      .map(({ kappa, order, stable }) => ({ kappa, order, stable })),
    uniform,
    critical: critical_kappa,
    range: [least, most],
    about,
  });
}

function print(effects: Effects, result: BifurcationJson): void {
  const rows = result.rows.flatMap(({ kappa, states }) =>
    states.map(({ order, stable, growth, free_energy }) => [
      shortCell(kappa, 8),
      shortCell(order, 8),
      stable === null ? "unknown" : stable ? "stable" : "unstable",
      shortCell(growth, 8),
      shortCell(free_energy, 8),
    ]),
  );
  for (const line of table(["kappa", "order", "state", "fastest growth", "free energy"], rows)) effects.print(line);
  const turns = result.turns
    .map(({ kappa, order }) => `kappa = ${shortCell(kappa, 8)}, order ${shortCell(order, 8)}`)
    .join("; ");
  effects.print(
    `uniform up to kappa_# = ${shortCell(result.critical_kappa, 8)}; the transition is ${result.transition}`,
  );
  if (turns) effects.print(`the branch turns at ${turns}`);
  if (result.equal_energy !== null) effects.print(`equal free energy at kappa = ${shortCell(result.equal_energy, 8)}`);
}
