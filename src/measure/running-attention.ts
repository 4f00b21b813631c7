import type { AttentionRow } from "../run/attention-row.ts";

/** Sums of heads over texts. */
export interface RunningAttention {
  add(rows: readonly AttentionRow[]): void;
  /** One row a head: means over texts; of a single text its own rows. */
  kept(): readonly AttentionRow[];
}

interface RunningHead {
  readonly row: AttentionRow;
  readonly sums: { rows: number; entropy: number; log_keys: number; pairs: number; beta: number; r2: number };
  readonly counts: { texts: number; beta: number; r2: number };
}

/** Takes the rows of text after text and holds no more than sums for each head. */
export function runningAttention(): RunningAttention {
  const heads = new Map<string, RunningHead>();
  return {
    add(rows) {
      for (const row of rows) addHead(heads, row);
    },
    kept: () => [...heads.values()].map(keptHead),
  };
}

function addHead(heads: Map<string, RunningHead>, row: AttentionRow): void {
  const key = `${row.layer} ${row.head}`;
  const head = heads.get(key) ?? newHead(row);
  heads.set(key, head);
  const { sums, counts } = head;
  for (const name of ["rows", "entropy", "log_keys", "pairs"] as const) sums[name] += row[name];
  counts.texts++;
  for (const name of ["beta", "r2"] as const) {
    if (row[name] === null) continue;
    sums[name] += row[name];
    counts[name]++;
  }
}

function newHead(row: AttentionRow): RunningHead {
  const sums = { rows: 0, entropy: 0, log_keys: 0, pairs: 0, beta: 0, r2: 0 };
  return { row, sums, counts: { texts: 0, beta: 0, r2: 0 } };
}

function keptHead({ row, sums, counts }: RunningHead): AttentionRow {
  if (counts.texts === 1) return row;
  return {
    ...row,
    rows: sums.rows,
    pairs: sums.pairs,
    entropy: sums.entropy / counts.texts,
    log_keys: sums.log_keys / counts.texts,
    beta: counts.beta === 0 ? null : sums.beta / counts.beta,
    r2: counts.r2 === 0 ? null : sums.r2 / counts.r2,
  };
}
