/** Names of the files of a run. */
export const RUN_FILES = {
  manifest: "manifest.json",
  metrics: "metrics.csv",
  /** With --resid-mid. */
  mid: "metrics-mid.csv",
  /** With --attentions. */
  attention: "attention.csv",
  /** With measures of pairs of clouds. */
  pairs: "pair-metrics.csv",
  /** The law of the updates. */
  updates: "updates.csv",
  /** Where a model was run again with tokens taken out. */
  intervention: "intervention.csv",
  /** With --attentions, of a model. */
  valueOutput: "value-output.csv",
  /** Who is near whom: one row a token and layer. */
  tokens: "tokens.csv",
  /** The pairs of tokens that are closest, and those that no family predicts. */
  tokenPairs: "pairs.csv",
  /** What happens to clusters from layer to layer. */
  clusters: "clusters.csv",
  /** Coordinates that make the mean cosine, and massive activations. */
  coordinates: "coordinates.csv",
  histograms: "histograms.json",
  states: "states.safetensors",
  fit: "fit.json",
  /** What the report lets its reader explore. */
  explorer: "explorer.json",
  report: "report.html",
  /** Of several runs side by side. */
  comparison: "comparison.html",
} as const;

/** The name of a table's file for data frames, beside its `.csv`. */
export function parquetFile(csv: string): string {
  return csv.replace(/\.csv$/, ".parquet");
}

/** The name of the file that says which process writes into a folder. */
export const LOCK = ".tokensphere.lock";
