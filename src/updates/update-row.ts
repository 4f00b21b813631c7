/**
 * One row of the law of the updates: one field at one step of one text. `null`: it does not exist, see `note`. Of several texts the
 * row of their means has the bootstrap interval over texts in the place of each interval (of two texts their range), and no p.
 */
export interface UpdateRow {
  /** 0-based index of the text. */
  readonly text: number;
  /** The layer that is left. */
  readonly layer: number;
  readonly field: string;
  /** It multiplies ⟨x_i, x_j⟩ of unit tokens; `null` where the field has none, or none is best. */
  readonly beta: number | null;
  /** `best`: it was looked for; `given`; empty: the field has none. */
  readonly beta_from: "best" | "given" | "";
  /** 95 %, jackknife over tokens; `null` where β was given. */
  readonly beta_interval: readonly [lo: number, hi: number] | null;
  /** Root mean square over tokens of the angle by which they turn, in radians. */
  readonly size: number | null;
  readonly step: number | null;
  readonly update: number | null;
  readonly gram: number | null;
  readonly gram_beyond_mean: number | null;
  readonly partial: number | null;
  readonly partial_interval: readonly [lo: number, hi: number] | null;
  readonly added: number | null;
  readonly added_interval: readonly [lo: number, hi: number] | null;
  /** 95 % quantile of `added` where the field's tokens are permuted, at the best β of each draw. */
  readonly null: number | null;
  /** The same of `partial`. */
  readonly null_partial: number | null;
  /** (1 + number of draws that add as much)/(draws + 1). */
  readonly p: number | null;
  /** The share of the centred change of inner products that functions without selection among tokens make. */
  readonly without_selection: number | null;
  /** Why something is null, or where the best β lies; empty where there is nothing to say. */
  readonly note: string;
}

/** A row of the same network untrained. */
export interface UntrainedRow extends UpdateRow {
  /** Number of the draw of its weights, from 0. */
  readonly draw: number;
}
