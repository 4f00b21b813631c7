/** One row of `clusters.csv`: something that happens to the clusters of a text, or a run of layers at which they rest. */
export interface ClusterRow {
  /** 0-based index of the text. */
  readonly text: number;
  /** The layer after which it has happened; of a plateau the first. */
  readonly layer: number;
  /** `birth`, `split`, `merge`, `death`: see `ClusterEvent`; `plateau`. */
  readonly event: string;
  /** As in `tokens.csv`; `null` of a plateau. */
  readonly cluster: number | null;
  /** The cluster that it merges into, or that it splits from; else `null`. */
  readonly other: number | null;
  /** Tokens of the cluster, of one that is gone at the layer before; of a plateau clusters of two tokens and more. */
  readonly size: number;
  /** Connected components after the layer, single tokens included. */
  readonly components: number;
  /** The last layer of a plateau; else `null`. */
  readonly until: number | null;
}
