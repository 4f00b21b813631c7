import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { requireDistinct } from "../../probes/measures/define-measure.ts";
import { requireDistinctPairs } from "../../probes/pairs/define-pair-measure.ts";
import { type GramEngine, openGramEngine } from "../../probes/products/gram-engine.ts";
import { middleStates } from "./layers-probe.ts";
import { measureBatch } from "./measure-batch.ts";
import { joinMeasured, type Measured } from "./measured.ts";
import type { MeasureOptions } from "./probe.ts";
import { probeAcrossTexts } from "./probe-across-texts.ts";
import { askedTables } from "./probes.ts";
import { textPairs } from "./text-pairs.ts";

/** Measures batch after batch; texts are numbered through. */
export interface Measurer {
  batch(states: HiddenStates, progress?: (fraction: number) => void): Promise<Measured>;
  /** What can be measured only once all texts were there, after the last batch. */
  rest(): Promise<Measured>;
}

/**
 * A measurer of these options. It holds no states, but for pairs across texts, which need them all.
 *
 * @throws TokensphereError `usage` for two measures of one name.
 */
export function openMeasurer(engine: GramEngine, options: MeasureOptions): Measurer {
  const { measures = [], pairMeasures = [] } = options;
  requireDistinct(measures);
  requireDistinctPairs(pairMeasures);
  return options.policy.pairs === "across" ? acrossTexts(engine, options) : withinTexts(engine, options);
}

/** Lends an engine for Gram matrices to some work and closes it. */
export async function withGramEngine<T>(work: (engine: GramEngine) => Promise<T>): Promise<T> {
  const engine = await openGramEngine();
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

function withinTexts(engine: GramEngine, options: MeasureOptions): Measurer {
  let texts = 0;
  return {
    async batch(states, progress) {
      const measured = await measureBatch(engine, states, texts, options, progress);
      texts += states.batch;
      return measured;
    },
    rest: async () => joinMeasured([]),
  };
}

function acrossTexts(engine: GramEngine, options: MeasureOptions): Measurer {
  const asked = askedTables(options);
  const each = asked.filter((name) => name !== "metrics" && name !== "mid");
  const held: HiddenStates[] = [];
  let texts = 0;
  return {
    async batch(states, progress) {
      const measured = await measureBatch(engine, states, texts, options, progress, each);
      texts += states.batch;
      const { attentions, ...rest } = states;
      held.push(rest);
      return measured;
    },
    async rest() {
      const layers = probeAcrossTexts(held, options.policy);
      const mid = asked.includes("mid") ? probeAcrossTexts(held.map(middleStates), options.policy).metrics : undefined;
      const pairs = asked.includes("pairs") ? await textPairs(engine, held, options) : undefined;
      return { ...layers, ...(mid ? { mid } : {}), ...(pairs ? { pairs } : {}) };
    },
  };
}
