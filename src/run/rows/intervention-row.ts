import { csvTable, integer, optional, text } from "./csv-table.ts";
import { RUN_FILES } from "./run-files.ts";

/**
 * One row of `intervention.csv`: what a field explains of the change that one block's updates undergo where half of the other
 * tokens are taken out of the context; either half of a text is measured once. What cannot be said is `null` (empty in the file).
 */
export interface InterventionRow {
  /** 0-based index of the text. */
  readonly text: number;
  /** k: the block that leads from layer k to k + 1. */
  readonly layer: number;
  /**
   * `direct`: the block starts in both contexts from the same states, those of the whole text at layer k. `total`: tokens were out
   * of the context from layer 0 on, so that the block starts from states that differ already, but at layer 0.
   */
  readonly reading: string;
  /** A dynamics by name; `averaging` is SA at β = 0. With `_causal` behind it where tokens see only what comes before them. */
  readonly field: string;
  /** Of several β the one that explains most; `null` where the field has none, or there is nothing to explain. */
  readonly beta: number | null;
  /** Σ|u_half − u_full|² / Σ|u_full|²: how much of the updates depends on who else is there; 0 for a map of single tokens. */
  readonly context_share: number | null;
  /** Share of u_half − u_full that the field's own change explains, negative where it runs backwards. */
  readonly update: number | null;
  /** The same of inner products. */
  readonly gram: number | null;
  /** The 95 % quantile of `update` where the field's tokens are permuted at that β. */
  readonly null: number | null;
}

/** `intervention.csv`. */
export const INTERVENTION = csvTable<InterventionRow>(RUN_FILES.intervention, {
  text: integer,
  layer: integer,
  reading: text,
  field: text,
  beta: optional,
  context_share: optional,
  update: optional,
  gram: optional,
  null: optional,
});
