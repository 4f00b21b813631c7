/** Means over independent paths with their standard errors; lists run along times. */
export interface MeanAndError {
  readonly mean: readonly (number | null)[];
  /** Of the mean; `null` where fewer than two paths came so far. */
  readonly error: readonly (number | null)[];
}

/** Collects values by time, and tells what came of them. */
export interface Averages {
  add(time: number, value: number): void;
  result(): MeanAndError;
}

/** Averages by time, Welford's way: nothing is lost where values are close to each other. */
export function averages(times: number): Averages {
  const [count, mean, squares] = [new Float64Array(times), new Float64Array(times), new Float64Array(times)];
  const each = <T>(f: (time: number) => T): T[] => Array.from({ length: times }, (_, time) => f(time));
  return {
    add(time, value) {
      count[time]++;
      const before = value - mean[time];
      mean[time] += before / count[time];
      squares[time] += before * (value - mean[time]);
    },
    result: () => ({
      mean: each((t) => (count[t] > 0 ? mean[t] : null)),
      error: each((t) => (count[t] > 1 ? Math.sqrt(squares[t] / (count[t] - 1) / count[t]) : null)),
    }),
  };
}
