import { type FigureSpec, inlineData } from "../parts/spec.ts";
import { ACCENT, framed, SOFT_INK } from "../parts/theme.ts";

/** A density at rest at one κ. */
export interface BifurcationRow {
  readonly kappa: number;
  readonly order: number;
  /** `null`: not known. */
  readonly stable: boolean | null;
}

export interface BifurcationFigure {
  /** In growing order. */
  readonly branch: readonly BifurcationRow[];
  /** The uniform density, in growing κ. */
  readonly uniform: readonly BifurcationRow[];
  /** κ_#. */
  readonly critical: number;
  /** Of κ that is drawn. */
  readonly range: readonly [number, number];
  readonly about: string;
}

/** Order parameter of the densities at rest over κ: stable ones solid, unstable ones dashed, κ_# as a thin line (R §7). */
export function bifurcationDiagram({ branch, uniform, critical, range, about }: BifurcationFigure): FigureSpec {
  const [least, most] = range;
  const frame = {
    title: branch.some(({ kappa }) => kappa < critical * (1 - 1e-9))
      ? "A discontinuous transition"
      : "A continuous transition",
    subtitle: `${about}; solid: stable, dashed: unstable`,
    description:
      "Line chart: order parameter of stationary densities on the circle against inverse temperature of the noise, stable branches solid, unstable branches dashed.",
  };
  const x = {
    field: "kappa",
    type: "quantitative",
    title: "inverse temperature of the noise κ",
    scale: { domain: [least, most], nice: false, zero: false },
    axis: { grid: false },
  };
  const y = { field: "order", type: "quantitative", title: "order parameter r", scale: { domain: [0, 1] } };
  const pieces = [...piecesOf(branch), ...piecesOf(uniform)];
  const layer = [
    ...(critical > least && critical < most ? [criticalLine(critical)] : []),
    ...pieces.map(({ rows, stable }) => ({
      data: inlineData(rows.map(({ kappa, order }, at) => ({ kappa, order, at }))),
      mark: { type: "line", color: ACCENT, strokeWidth: 2.2, clip: true, strokeDash: stable ? [1, 0] : [4, 4] },
      encoding: { x, y, order: { field: "at", type: "quantitative" } },
    })),
  ];
  return framed(frame, { width: 460, height: 280, layer });
}

function criticalLine(critical: number) {
  const encoding = { x: { field: "kappa", type: "quantitative" } };
  return {
    data: inlineData([{ kappa: critical }]),
    mark: { type: "rule", color: SOFT_INK, strokeWidth: 0.8 },
    encoding,
  };
}

/** Runs of one stability; each begins where the one before ends. What is not known counts as unstable. */
function piecesOf(rows: readonly BifurcationRow[]): { rows: BifurcationRow[]; stable: boolean }[] {
  const pieces: { rows: BifurcationRow[]; stable: boolean }[] = [];
  for (const row of rows) {
    const [last, stable] = [pieces[pieces.length - 1], row.stable === true];
    if (last && last.stable === stable) last.rows.push(row);
    else pieces.push({ rows: [...(last ? [last.rows[last.rows.length - 1]] : []), row], stable });
  }
  return pieces;
}
