import type { CloudView } from "../measures/cloud-view.ts";

/** Something that is measured of two clouds. `definePairMeasure` makes one of a function. */
export interface PairMeasure {
  readonly name: string;
  /** What it is, in a line. */
  readonly about?: string;
  /** True where token i of one cloud need not be token i of the other, nor their numbers equal: two texts. Default false. */
  readonly anyTokens?: boolean;
  /**
   * The number; `null` where it does not exist for these clouds.
   *
   * @param where - Where they come from, for messages.
   */
  between(a: CloudView, b: CloudView, where: string | null): number | null;
}

/** One number about two clouds. */
export interface PairRow {
  readonly measure: string;
  readonly value: number;
  /** Tokens of the first. */
  readonly n: number;
  /** Dimensions of the first. */
  readonly d: number;
}
