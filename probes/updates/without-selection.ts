import { orthonormalColumns } from "../numerics/orthonormal-columns.ts";
import { addScaled, centred, dot } from "../numerics/vectors.ts";
import { type LayerStep, ROUNDING } from "./layer-step.ts";

/** What one pass leaves is right to ε over its share of the whole: above this share to a few 1e-13. */
const LITTLE = 1e-3;

/** A step's change of inner products, parted in what needs no selection among tokens and what is left. */
export interface Remainder {
  /** Orthonormal, over pairs i < j, of the space of functions without selection. */
  readonly basis: readonly Float64Array[];
  /** ΔG less its part in that space. */
  readonly rest: Float64Array;
  readonly restSquared: number;
  /** Σ (ΔG − mean)². */
  readonly total: number;
  /** The share of Σ (ΔG − mean)² within the space; `null` where no inner product changes, or all by the same. */
  readonly withoutSelection: number | null;
  /** Whether there are more pairs than functions, and they leave more than rounding. */
  readonly leaves: boolean;
}

/**
 * Least squares of ΔG on B = {1, G, G², G³, m_i + m_j, m_i m_j, G (m_i + m_j), averaging's ΔG}, m_i = ⟨x_i, x̄⟩: what a function of
 * the pair's own product and of the tokens' closeness to the mean could do.
 */
export function withoutSelection(step: LayerStep): Remainder {
  const { change } = step;
  const basis = orthonormalColumns(functionsWithoutSelection(step));
  const rest = residual(change, basis);
  const restSquared = dot(rest, rest);
  const beyondMean = centred(change);
  const total = dot(beyondMean, beyondMean);
  const floor = ROUNDING ** 2 * change.length;
  const known = total > floor;
  const leaves = known && change.length > basis.length && restSquared > floor;
  return { basis, rest, restSquared, total, withoutSelection: known ? 1 - restSquared / total : null, leaves };
}

/** `values` less its part in the span of the basis; where little is left a second pass removes the rounding of the first. */
export function residual(values: Float64Array, basis: readonly Float64Array[]): Float64Array {
  return removeBasis(new Float64Array(values), basis);
}

/** The same in place. */
export function removeBasis(values: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const before = dot(values, values);
  takeAway(values, basis);
  if (dot(values, values) < LITTLE ** 2 * before) takeAway(values, basis);
  return values;
}

function takeAway(values: Float64Array, basis: readonly Float64Array[]): void {
  for (const column of basis) addScaled(values, column, -dot(values, column));
}

/** Averaging's ΔG is m_i + m_j − G (m_i + m_j): it lies in the span of the others and is not written a second time. */
function functionsWithoutSelection({ n, gaps, change }: LayerStep): Float64Array[] {
  const m = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) m[i] += (1 - gaps[i * n + j]) / n;
  const columns = Array.from({ length: 7 }, () => new Float64Array(change.length));
  const [one, first, second, third, close, both, closer] = columns;
  let p = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, p++) {
      const g = 1 - gaps[i * n + j];
      const sum = m[i] + m[j];
      one[p] = 1;
      first[p] = g;
      second[p] = g * g;
      third[p] = g * g * g;
      close[p] = sum;
      both[p] = m[i] * m[j];
      closer[p] = g * sum;
    }
  }
  return columns;
}
