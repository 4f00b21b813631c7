import { logAxis } from "../parts/log-axis.ts";
import { type FigureSpec, inlineData } from "../parts/spec.ts";
import { ACCENT, framed, SOFT_INK } from "../parts/theme.ts";

/** What is stable at one β, by κ. */
export interface NoisePhaseRow {
  readonly beta: number;
  /** κ_#, above which the uniform density is not stable. */
  readonly critical_kappa: number;
  /** From which a peaked density is stable; `null`: from κ_# on. */
  readonly turn_kappa: number | null;
  readonly equal_energy_kappa: number | null;
}

const REGIONS = { uniform: "#E7E5DF", both: "#E69F00", peaked: "#A9D3EA" } as const;

/** The (β, κ) plane in three: the uniform density alone, both, a peaked one alone; κ on a log scale (R §7). */
export function noisePhases(rows: readonly NoisePhaseRow[], about: string): FigureSpec {
  const kappas = rows.flatMap(({ critical_kappa, turn_kappa }) => [critical_kappa, turn_kappa ?? critical_kappa]);
  const [least, most] = [Math.min(...kappas) / 2, Math.max(...kappas) * 2];
  const edges = rows.map(({ beta, critical_kappa: critical, turn_kappa }) => ({
    ...{ beta, least, most, critical },
    turn: turn_kappa ?? critical,
  }));
  const even = rows.flatMap(({ beta, equal_energy_kappa: kappa }) => (kappa === null ? [] : [{ beta, kappa }]));
  const x = {
    field: "beta",
    type: "quantitative",
    title: "inverse temperature of attention β",
    scale: { nice: false, zero: false },
    axis: { grid: false },
  };
  const y = {
    type: "quantitative",
    title: "inverse temperature of the noise κ (log scale)",
    ...logAxis([least, most], 0.08),
  };
  const band = (from: string, to: string, color: string) => ({
    data: inlineData(edges),
    mark: { type: "area", color, opacity: 1 },
    encoding: { x, y: { ...y, field: from }, y2: { field: to } },
  });
  const line = (field: string, strokeDash: readonly number[]) => ({
    data: inlineData(edges),
    mark: { type: "line", color: ACCENT, strokeWidth: 1.6, strokeDash: [...strokeDash] },
    encoding: { x, y: { ...y, field } },
  });
  const layer = [
    band("least", "turn", REGIONS.uniform),
    band("turn", "critical", REGIONS.both),
    band("critical", "most", REGIONS.peaked),
    line("critical", [1, 0]),
    line("turn", [4, 3]),
    {
      data: inlineData(even),
      mark: { type: "line", color: SOFT_INK, strokeWidth: 1, strokeDash: [1, 2] },
      encoding: { x, y: { ...y, field: "kappa" } },
    },
  ];
  const frame = {
    title: "Where noise destroys clusters",
    subtitle: `${about}; grey: uniform, orange: both, blue: peaked; dotted: equal free energy`,
    description:
      "Chart of the plane of attention's and the noise's inverse temperatures: where the uniform density is stable alone, where a peaked one is as well, and where it alone is.",
  };
  return framed(frame, { width: 420, height: 300, layer });
}
