import type { z } from "zod";
import { TokensphereError } from "../../models/errors.ts";
import { densityBifurcation } from "../../sim/mean-field/density-bifurcation.ts";
import { continuousUpTo } from "../../sim/theory/critical-noise.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import { drawFigure } from "../draw/draw-figure.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { noisePhases } from "../figures/theory/noisePhases.ts";
import { PHASES } from "../formats/theory-formats.ts";
import type { PhasesOptions } from "../options/densities.ts";
import { parseTimes } from "../options/parse-times.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { shortCell } from "../words/number-cell.ts";

type Phases = z.infer<typeof PHASES.schema>;

/** Branches are followed so far beyond the critical noise. */
const BEYOND = 1.02;

/** Which densities are stable under noise at each (κ, β): the uniform one, a peaked one, or both (R §7; SS24; BBR25). */
export async function phasesCommand(
  effects: Effects,
  options: PhasesOptions & CommonOptions & OutOptions,
): Promise<void> {
  const { out, force = false, json = false, dynamics, d } = options;
  const betas = parseTimes(options.betas, "--betas");
  const wrong = betas.find((beta) => !(beta >= 0));
  if (wrong !== undefined) throw new TokensphereError("usage", `--betas: ${wrong}. give numbers from 0 on`);
  const target = out === undefined ? null : runFolderName(effects, out, "phases");
  if (target !== null) requireFree(target, force);
  const rows: Phases["rows"][number][] = [];
  for (const beta of betas) {
    effects.progress.update(rows.length / betas.length, `branches at beta ${beta}`);
    rows.push(await phasesAt(dynamics, d, beta));
  }
  effects.progress.stop();
  const star = dynamics === "usa" ? continuousUpTo(d) : null;
  const result: Phases = { format: PHASES.name, version: 1, dynamics, d, beta_star: star, rows };
  if (target !== null) {
    await fillFolder(effects, target, force, async (folder) => {
      writeFormat(folder, PHASES, result);
      if (rows.length > 1) await drawFigure(effects, folder, "noisePhases", noisePhases(rows, aboutOf(result)));
    });
  }
  if (json) effects.print(JSON.stringify(result));
  else print(effects, result);
}

async function phasesAt(dynamics: "sa" | "usa", d: number, beta: number): Promise<Phases["rows"][number]> {
  // First to learn where the critical noise is.
  const { criticalKappa } = await densityBifurcation({ dynamics, d, beta, mostKappa: Number.MIN_VALUE });
  const found = await densityBifurcation({ dynamics, d, beta, mostKappa: BEYOND * criticalKappa });
  const turns = found.turns.map(({ kappa }) => kappa).filter((kappa) => kappa < criticalKappa);
  return {
    beta,
    critical_kappa: criticalKappa,
    turn_kappa: turns.length > 0 ? Math.min(...turns) : null,
    equal_energy_kappa: found.equalEnergy,
  };
}

function aboutOf({ dynamics, d, beta_star }: Phases): string {
  const star = beta_star === null ? "" : `; β_* = ${beta_star.toPrecision(5)}`;
  return `${dynamics.toUpperCase()}, d = ${d}${star}`;
}

function print(effects: Effects, result: Phases): void {
  const rows = result.rows.map(({ beta, critical_kappa, turn_kappa, equal_energy_kappa }) => [
    shortCell(beta),
    shortCell(turn_kappa, 8),
    shortCell(equal_energy_kappa, 8),
    shortCell(critical_kappa, 8),
    turn_kappa === null ? "continuous" : "coexistence from the turn to kappa_#",
  ]);
  const head = ["beta", "turn", "equal free energy", "kappa_#", "transition"];
  for (const line of table(head, rows)) effects.print(line);
  effects.print(`uniform below, peaked above kappa_# (${aboutOf(result)})`);
}
