import { randomSource } from "../../models/random.ts";
import { quantiles } from "../../probes/numerics/quantiles.ts";

/** What is kept of rows that come text after text. */
export interface KeptRows<Row> {
  add(rows: readonly Row[]): void;
  kept(): readonly Row[];
}

/** How rows of several texts become one. Columns that are not named are those of the first. */
export interface Means<Row> {
  /** Equal for the rows that become one. */
  key(row: Row): string;
  readonly columns: { readonly [K in keyof Row]?: Tally<Row, Row[K]> };
  /** Rows that are kept at all; default: every one. */
  keeps?(row: Row): boolean;
}

/** Begins to add up a column. */
export type Tally<Row, T> = () => { add(row: Row): void; value(): T };

/** Keeps every row. */
export function allRows<Row>(): KeptRows<Row> {
  const all: Row[] = [];
  return {
    add(rows) {
      for (const row of rows) all.push(row);
    },
    kept: () => all,
  };
}

/** Keeps one row for all texts wherever rows have one key, a row that nothing joined as it is; holds no more than sums. */
export function runningMeans<Row extends object>({ key, columns, keeps = () => true }: Means<Row>): KeptRows<Row> {
  const tallies = Object.entries<Tally<Row, unknown> | undefined>(columns);
  const begin = (row: Row) => ({
    row,
    rows: 0,
    columns: tallies.flatMap(([name, tally]) => (tally ? [{ name, ...tally() }] : [])),
  });
  const found = new Map<string, ReturnType<typeof begin>>();
  return {
    add(rows) {
      for (const row of rows) {
        if (!keeps(row)) continue;
        const running = found.get(key(row)) ?? begin(row);
        found.set(key(row), running);
        running.rows++;
        for (const column of running.columns) column.add(row);
      }
    },
    kept: () =>
      [...found.values()].map(({ row, rows, columns: own }) =>
        rows === 1 ? row : { ...row, ...Object.fromEntries(own.map(({ name, value }) => [name, value()])) },
      ),
  };
}

type Of<Row, T> = (row: Row) => T;

/** The sum over the rows; 0 where there is none. */
export function sum<Row>(of: Of<Row, number>): Tally<Row, number> {
  return folded(of, 0, (total, value) => total + value);
}

/** The least over the rows; ∞ where there is none. */
export function least<Row>(of: Of<Row, number>): Tally<Row, number> {
  return folded(of, Number.POSITIVE_INFINITY, Math.min);
}

/** The largest over the rows; −∞ where there is none. */
export function most<Row>(of: Of<Row, number>): Tally<Row, number> {
  return folded(of, Number.NEGATIVE_INFINITY, Math.max);
}

/** The mean over the rows; NaN where there is none. */
export function mean<Row>(of: Of<Row, number>): Tally<Row, number> {
  return () => {
    const { add, total } = averaging(of);
    return { add, value: () => total.sum / total.count };
  };
}

/** The mean of those that are known; `null` where none is. */
export function meanOfKnown<Row>(of: Of<Row, number | null>): Tally<Row, number | null> {
  return () => {
    const { add, total } = averaging(of);
    return { add, value: () => (total.count === 0 ? null : total.sum / total.count) };
  };
}

/** The mean where all are known, else `null`. */
export function meanIfKnown<Row>(of: Of<Row, number | null>): Tally<Row, number | null> {
  return () => {
    const { add, total } = averaging(of);
    return { add, value: () => (total.unknown > 0 ? null : total.sum / total.count) };
  };
}

/**
 * How sure the mean of those that are known is: its 95 % interval when they are drawn again with replacement (percentile bootstrap, the
 * same draws in every run). Of two values it is their range; `null` where none is known.
 */
export function intervalOfMean<Row>(of: Of<Row, number | null>): Tally<Row, readonly [lo: number, hi: number] | null> {
  return () => {
    const known: number[] = [];
    return {
      add(row) {
        const value = of(row);
        if (value !== null) known.push(value);
      },
      value: () => (known.length === 0 ? null : drawnAgain(known)),
    };
  };
}

const DRAWS = 1000;

function drawnAgain(values: readonly number[]): readonly [lo: number, hi: number] {
  const random = randomSource();
  const means = Float64Array.from({ length: DRAWS }, () => {
    let total = 0;
    for (let k = 0; k < values.length; k++) total += values[Math.floor(random() * values.length)];
    return total / values.length;
  });
  const [lo, hi] = quantiles(means, [0.025, 0.975]);
  return [lo, hi];
}

/** What is said of so many rows. */
export function told<Row, T>(say: (rows: number) => T): Tally<Row, T> {
  return () => {
    let rows = 0;
    return {
      add: () => void rows++,
      value: () => say(rows),
    };
  };
}

function folded<Row>(of: Of<Row, number>, start: number, join: (a: number, b: number) => number): Tally<Row, number> {
  return () => {
    let total = start;
    return {
      add(row) {
        total = join(total, of(row));
      },
      value: () => total,
    };
  };
}

function averaging<Row>(of: Of<Row, number | null>) {
  const total = { sum: 0, count: 0, unknown: 0 };
  const add = (row: Row): void => {
    const value = of(row);
    if (value === null) {
      total.unknown++;
      return;
    }
    total.sum += value;
    total.count++;
  };
  return { add, total };
}
