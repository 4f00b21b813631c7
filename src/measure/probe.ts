import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { StreamExtras } from "../../models/stream/stream-extras.ts";
import type { PairMeasure } from "../../probes/pairs/pair-measure.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import type { LayerOptions } from "../../probes/probe-layer.ts";
import type { GramEngine } from "../../probes/products/gram-engine.ts";
import type { Means } from "../over-texts/running-means.ts";
import type { TextHistograms } from "../run/histograms.ts";
import type { UpdatesOptions } from "../updates/measure-updates.ts";
import type { WhoOptions } from "../who/who.ts";

/** What is asked for: `measures` of each layer, `residMid`, `attentions`, `pairMeasures` of pairs of layers. */
export interface MeasureOptions extends LayerOptions, StreamExtras {
  readonly policy: Policy;
  /** Left out or empty: none. */
  readonly pairMeasures?: readonly PairMeasure[];
  /** The fields whose part in the updates is measured; left out: none. */
  readonly updates?: UpdatesOptions;
  /** Who is near whom, token by token; left out: not told. */
  readonly who?: WhoOptions;
  /** Whether every measure of a layer is taken of the tokens less their mean too, as `centered_…`. */
  readonly centered?: boolean;
  /** Whether the measures of each layer are taken, and histograms; default true. */
  readonly layers?: boolean;
}

/** One text to be measured. */
export interface OneText {
  readonly engine: GramEngine;
  readonly states: HiddenStates;
  /** Its row in the states. */
  readonly row: number;
  /** Its number in the run. */
  readonly text: number;
  readonly options: MeasureOptions;
  /** Takes the share of it that is done. */
  readonly progress: (fraction: number) => void;
}

/** What was found in one text. */
export interface Findings<Row> {
  readonly rows: readonly Row[];
  /** Where the measuring makes them. */
  readonly histograms?: TextHistograms;
}

/** Something that is measured text by text into one table: all that is said of it, so that a further one is a further value. */
export interface Probe<Row> {
  /** Whether the options ask for it; only then is there a file. */
  asked(options: MeasureOptions): boolean;
  measure(one: OneText): Promise<Findings<Row>>;
  /** What is kept of many texts whose rows lie in a file. */
  readonly means: Means<Row>;
}
