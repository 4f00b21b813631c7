import type { ValueOutputSpectrum } from "../../../probes/attention/value-output-spectrum.ts";
import { csvTable, integer, optional, optionalInteger, text } from "./csv-table.ts";
import { RUN_FILES } from "./run-files.ts";

/**
 * One row of `value-output.csv`: what the value and output weights of one head do to a token, M = W_V W_O, where the theory
 * has the identity. Blocks in a row that multiply by the same weights are one row. Where the graph does not give the weights
 * of a block, its row has no head and says why.
 */
export interface ValueOutputRow {
  /** k: the block that leads from layer k to k + 1. */
  readonly layer: number;
  /** The last block with the same weights, counted like `layer`. */
  readonly to: number;
  /** From 0. */
  readonly head: number | null;
  /** Width of the head: the rank of M. */
  readonly width: number | null;
  /** Frobenius norm of M. */
  readonly norm: number | null;
  /** Largest modulus of an eigenvalue of M. */
  readonly radius: number | null;
  /** Largest and smallest real part of the eigenvalues of M that need not be 0. */
  readonly real_largest: number | null;
  readonly real_smallest: number | null;
  /** Σ λ / Σ |λ|, −1 to 1. */
  readonly copying: number | null;
  /** Largest and smallest eigenvalue of (M + Mᵀ)/2. */
  readonly symmetric_largest: number | null;
  readonly symmetric_smallest: number | null;
  /** Share of the positive eigenvalues of (M + Mᵀ)/2 in the sum of moduli, 0 to 1. */
  readonly attractive: number | null;
  /** tr M / (√width · ‖M‖), −1 to 1: 1 where M is a positive multiple of the identity on the head's own subspace. */
  readonly identity: number | null;
  /** Why there is no head; empty where there is. */
  readonly note: string;
  /** In JSON, not in the file: the eigenvalues of M as `[real, imaginary]`, and those of its symmetric part. */
  readonly eigenvalues?: ValueOutputSpectrum["eigenvalues"];
  readonly symmetric?: ValueOutputSpectrum["symmetric"];
}

/** The row of a head. */
export function valueOutputRow(
  place: Pick<ValueOutputRow, "layer" | "to" | "head">,
  spectrum: ValueOutputSpectrum,
): ValueOutputRow {
  const { width, norm, copying, attractive, identity, eigenvalues, symmetric } = spectrum;
  const reals = eigenvalues.map(([real]) => real);
  return {
    ...place,
    width,
    norm,
    radius: Math.hypot(...eigenvalues[0]),
    real_largest: Math.max(...reals),
    real_smallest: Math.min(...reals),
    copying,
    symmetric_largest: symmetric[0],
    symmetric_smallest: symmetric[symmetric.length - 1],
    attractive,
    identity,
    note: "",
    eigenvalues,
    symmetric,
  };
}

/** The row of blocks whose weights are not there. */
export function noValueOutputRow(place: Pick<ValueOutputRow, "layer" | "to">, why: string): ValueOutputRow {
  return {
    ...{ ...place, head: null, width: null, norm: null, radius: null, real_largest: null, real_smallest: null },
    ...{
      copying: null,
      symmetric_largest: null,
      symmetric_smallest: null,
      attractive: null,
      identity: null,
      note: why,
    },
  };
}

/** `value-output.csv`. */
export const VALUE_OUTPUT = csvTable<ValueOutputRow>(RUN_FILES.valueOutput, {
  layer: integer,
  to: integer,
  head: optionalInteger,
  width: optionalInteger,
  norm: optional,
  radius: optional,
  real_largest: optional,
  real_smallest: optional,
  copying: optional,
  symmetric_largest: optional,
  symmetric_smallest: optional,
  attractive: optional,
  identity: optional,
  note: text,
});
