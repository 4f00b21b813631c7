/** One row of `pairs.csv`: two tokens of a text after a layer, in the network and as the families of a fit predict them. */
export interface TokenPairRow {
  /** 0-based index of the text. */
  readonly text: number;
  readonly layer: number;
  /** Positions in the text, i < j, and the tokens there. */
  readonly i: number;
  readonly j: number;
  readonly token_i: string | null;
  readonly token_j: string | null;
  readonly cosine: number;
  /** Why it is there: `closest`, `differs` (no family comes near it), or `both`. */
  readonly why: string;
  /** What each family of the fit predicts, by its name: a column each. Empty without a fit and where nothing is predicted. */
  readonly predicted: Readonly<Record<string, number>>;
}
