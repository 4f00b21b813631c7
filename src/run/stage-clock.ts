import type { Effects } from "../effects/effects.ts";

/** What one stage of a command cost. */
export interface StageCost {
  readonly stage: string;
  readonly seconds: number;
  /** Largest memory of the whole process up to the end of the stage, in MB. */
  readonly peak_mb: number;
}

export interface StageClock {
  /** Runs a stage, or a further part of one that was begun. */
  readonly run: <T>(stage: string, work: () => Promise<T>) => Promise<T>;
  /** Hands on what comes one after the other; the stage is what making it costs, not what is done with it. */
  readonly each: <T>(stage: string, items: AsyncIterable<T>) => AsyncGenerator<T, void, undefined>;
  /** In the order in which stages began; a copy. */
  readonly costs: readonly StageCost[];
}

/** Keeps what stages cost, also where they take turns. */
export function stageClock(effects: Pick<Effects, "seconds" | "peakMemory">): StageClock {
  const stages = new Map<string, { seconds: number; peak: number }>();
  const run: StageClock["run"] = async (stage, work) => {
    const cost = stages.get(stage) ?? { seconds: 0, peak: 0 };
    stages.set(stage, cost);
    const start = effects.seconds();
    const result = await work();
    cost.seconds += effects.seconds() - start;
    cost.peak = effects.peakMemory();
    return result;
  };
  return {
    run,
    async *each(stage, items) {
      const iterator = items[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await run(stage, () => iterator.next());
          if (next.done) return;
          yield next.value;
        }
      } finally {
        await iterator.return?.();
      }
    },
    get costs() {
      return [...stages].map(([stage, { seconds, peak }]) => ({
        stage,
        seconds: round(seconds),
        peak_mb: Math.round(peak),
      }));
    },
  };
}

function round(seconds: number): number {
  return Math.round(1000 * seconds) / 1000;
}
