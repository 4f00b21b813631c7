/** One row of `coordinates.csv`: a coordinate that carries much of the mean cosine of a layer, or holds massive activations. */
export interface CoordinateRow {
  /** 0-based index of the text. */
  readonly text: number;
  readonly layer: number;
  /** From 0. */
  readonly coordinate: number;
  /** What it adds to the mean cosine: all coordinates together are the mean cosine. */
  readonly contribution: number;
  /** That as a share of the mean cosine; `null` where the mean cosine is below .1. */
  readonly share: number | null;
  /** Its largest activation, as the model gave it. */
  readonly value: number;
  /** Where that is: position and token. */
  readonly i: number;
  readonly token: string | null;
  /** |value| over the median of all |activations| of the layer. */
  readonly ratio: number | null;
  /** Tokens in which it is above 100 and above 1000 times that median. */
  readonly massive: number;
  /** Coordinates in all. */
  readonly d: number;
}
