/** One row of `tokens.csv`: where a token is after a layer, and who is nearest. */
export interface TokenRow {
  /** 0-based index of the text. */
  readonly text: number;
  /** Numbered layers only. */
  readonly layer: number;
  /** Position in the text, special tokens included. */
  readonly i: number;
  /** `null` where nobody knows. */
  readonly token: string | null;
  /** A number that stays with the cluster from layer to layer; `null` where the token is alone. */
  readonly cluster: number | null;
  /** Position of the token of largest cosine. */
  readonly nearest: number;
  /** That cosine. */
  readonly cosine: number;
  /** Length as the model gave it. */
  readonly norm: number;
  /** Angle from where the token was a layer before, in radians; `null` at the first. */
  readonly moved: number | null;
}
