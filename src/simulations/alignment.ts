import type { z } from "zod";
import type { Cloud } from "../../probes/cloud.ts";
import { mean } from "../../probes/numerics/mean.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import { PARAMETERS } from "../../sim/dynamics/parameters.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import { circleModes } from "../../sim/theory/kde-modes.ts";
import { topEigenspace } from "../../sim/theory/top-eigenspace.ts";
import type { ALIGNMENT } from "../formats/theory-formats.ts";

/** How far tokens lie in E_max along time, as it is told. */
export type Alignment = z.infer<typeof ALIGNMENT>;

/** Above this the grid on which modes are counted is large. */
const MOST_BETA = 1e6;

/** Writes what a cloud on the sphere is at a time into `told`. */
export interface AlignmentProbe {
  readonly told: Alignment;
  readonly look: (index: number, cloud: Cloud) => void;
}

/** Of dynamics with one Q, K and V; `null` for others, and where E_max is the whole space. */
export function alignmentProbe(
  { parameters }: Dynamics,
  { Q, K, V }: DynamicsParams,
  beta: number,
  times: number,
): AlignmentProbe | null {
  if (parameters.V !== PARAMETERS.V || !Q || !K || !V) return null;
  const { value, basis } = topEigenspace(Q, K, V);
  if (basis.length === Q.length) return null;
  const nothing = () => new Array<number | null>(times).fill(null);
  const told: Alignment = {
    eigenvalue: value,
    dimension: basis.length,
    share: nothing(),
    least: nothing(),
    ...(basis.length === 2 && beta >= 0 && beta <= MOST_BETA ? { modes: nothing() } : {}),
  };
  const look = (index: number, { n, d, x }: Cloud): void => {
    const along = basis.map((b) =>
      Float64Array.from({ length: n }, (_, i) => b.reduce((dot, entry, k) => dot + entry * x[i * d + k], 0)),
    );
    const squares = Float64Array.from({ length: n }, (_, i) => along.reduce((sum, one) => sum + one[i] ** 2, 0));
    told.share[index] = mean(squares);
    told.least[index] = squares.reduce((a, b) => Math.min(a, b));
    if (told.modes) {
      const angles = along[0].map((first, i) => Math.atan2(along[1][i], first));
      told.modes[index] = circleModes(angles, beta);
    }
  };
  return { told, look };
}
