/** `explorer.json`: what the page of a run explores. Arrays of numbers are base64 of little-endian integers. */
export interface ExplorerData {
  readonly format: "tokensphere/explorer";
  readonly version: 1;
  /** Numbers of the layers, increasing. */
  readonly layers: readonly number[];
  readonly texts: readonly ExplorerText[];
  /** Texts of the run that are not here: the page would be too large. */
  readonly texts_left_out: number;
}

export interface ExplorerText {
  /** Its number among the run's texts, from 0. */
  readonly text: number;
  readonly name: string | null;
  /** Tokens that the run counted. */
  readonly n: number;
  /** The first so many of them are here: neighbours, clusters and histograms are among these. */
  readonly shown: number;
  /** As read, with their spaces before them; `null` where nothing is known of them. */
  readonly words: readonly string[] | null;
  /** The network, then what each family predicts. */
  readonly series: readonly ExplorerSeries[];
}

/**
 * Tokens on the sphere at every layer, a row each. The network's may have further rows behind them: one for the half-step between every two
 * layers, after attention and before the MLP, in order. A prediction has none.
 */
export interface ExplorerSeries {
  /** `network` or the name of a family. */
  readonly name: string;
  readonly label: string;
  readonly beta: number | null;
  /** Mean inner product of the pairs i < j by row; `null`: this layer was not predicted. */
  readonly mean_cosine: readonly (number | null)[];
  /** Share of squared length that the three directions keep, by row. */
  readonly kept: readonly number[];
  /** int16 / 32767, `[rows][shown][3]`: the orthogonal projection on the network's top three directions. */
  readonly points: string;
  /** uint16 `[rows][shown][nearest]`: the nearest tokens, nearest first. */
  readonly near: string;
  /** int16 / 32767, likewise: their inner products. */
  readonly near_cosines: string;
  /** uint16 `[rows][shown − 1][2]`: the spanning tree of largest inner products, heaviest edge first; clusters at every threshold follow. */
  readonly tree: string;
  /** int16 / 32767 `[rows][shown − 1]`: their inner products. */
  readonly tree_cosines: string;
  /** uint16 / 65535 `[rows][BINS]`: shares of the pairs by inner product, equal bins on [−1, 1]. */
  readonly histogram: string;
  /** int8 / 127 `[rows][side(side + 1) / 2]`, row by row from the diagonal: mean inner products of blocks of tokens in the order of the network's tree. */
  readonly gram: string;
}

/** Bins of the histograms, equal on [−1, 1]. */
export const BINS = 80;
/** Neighbours that are kept of each token. */
export const NEAREST = 6;
