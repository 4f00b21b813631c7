import type { Effects } from "../effects/effects.ts";

/** What one stage of a command cost. */
export interface StageCost {
  readonly stage: string;
  readonly seconds: number;
  /** Largest memory of the whole process up to the end of the stage, in MB. */
  readonly peak_mb: number;
}

export interface StageClock {
  readonly run: <T>(stage: string, work: () => Promise<T>) => Promise<T>;
  readonly costs: readonly StageCost[];
}

/** Runs stages one after the other and keeps what each cost. */
export function stageClock(effects: Pick<Effects, "seconds" | "peakMemory">): StageClock {
  const costs: StageCost[] = [];
  return {
    costs,
    async run(stage, work) {
      const start = effects.seconds();
      const result = await work();
      costs.push({ stage, seconds: round(effects.seconds() - start), peak_mb: Math.round(effects.peakMemory()) });
      return result;
    },
  };
}

function round(seconds: number): number {
  return Math.round(1000 * seconds) / 1000;
}
