import type { ColumnNumbers } from "./column-numbers.ts";
import type { Projection } from "./projection.ts";

/** Which entries of which weights make the values of each head of a block, and take them back into the stream. */
export interface HeadRoute {
  readonly heads: number;
  /** Width of a head's values. */
  readonly width: number;
  readonly values: Projection;
  /** Column of the value weights for each head and coordinate, `[heads · width]`. */
  readonly columns: Int32Array;
  readonly output: Projection;
  /** Row of the output weights for each head and coordinate, `[heads · width]`. */
  readonly rows: Int32Array;
  /** Constants that the output is multiplied by before it is added, as in a layer scale. */
  readonly scales: readonly string[];
}

/** The values of a block where they meet attention. */
export interface Values {
  readonly projection: Projection;
  readonly heads: number;
  readonly width: number;
  readonly columns: Int32Array;
  /** The tensor that the mixed values are first written to, and how they lie in it. */
  readonly mixed: string;
  readonly dims: readonly number[];
}

/** What stands in the way, in words. */
export interface NoRoute {
  readonly why: string;
}

/** A product with weights, and where its columns lie in a tensor made of it. */
export interface Followed {
  readonly projection: Projection;
  readonly places: ColumnNumbers;
}
