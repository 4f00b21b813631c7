import type { SweepRow } from "../sim/sweep.ts";

/** Long form with a header, a line a β and time; empty where no start came so far. */
export function sweepToCsv(times: readonly number[], rows: readonly SweepRow[]): string {
  const lines = rows.flatMap(({ beta, probability, meanCosine }) =>
    times.map((time, t) => [beta, time, probability[t] ?? "", meanCosine[t] ?? ""].join(",")),
  );
  return `${["beta,time,probability,mean_cosine", ...lines].join("\n")}\n`;
}
