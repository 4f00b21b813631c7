import type { TopLevelSpec } from "vega-lite";
import type { Field } from "vega-lite/types_unstable/channeldef.js";
import type { NonNormalizedSpec } from "vega-lite/types_unstable/spec/index.js";
import type { LayerSpec } from "vega-lite/types_unstable/spec/layer.js";
import type { UnitSpec } from "vega-lite/types_unstable/spec/unit.js";
import type { LayerChoice } from "./choose-layers.ts";

/**
 * A figure as a value: what a report says of it and how it is drawn from data of one kind, a run, its fit or its readings.
 * One file each; its line in `run-figures.ts` puts it into every report.
 */
export interface Figure<Data> {
  /** Its file's name and its function's. */
  readonly name: string;
  readonly title: (data: Data) => string;
  /** How to read it, in sentences; what was counted is added. */
  readonly caption: (data: Data) => string;
  /** Whether it shows what was fitted, where there is a fit: then the fit's own policy is told. Default false. */
  readonly ofFit?: boolean;
  /** `null` where the data have nothing to draw. */
  readonly draw: (data: Data, drawing: Drawing) => FigureSpec | null;
}

/** What a drawing is told beside its data. */
export interface Drawing {
  /** How much was measured, for subtitles: "n = 112, d = 256". */
  readonly about: string;
  /** Layers that get a panel, where a figure has one a layer. */
  readonly layers: LayerChoice;
}

/** A figure of a run with what a report says of it. */
export interface NamedFigure {
  readonly name: string;
  /** What it is about; the figure's own title says what it shows. */
  readonly title: string;
  /** How to read it and under which policy it was measured. */
  readonly caption: string;
  readonly spec: FigureSpec;
}

/** A whole figure: a Vega-Lite specification with its data inline. */
export type FigureSpec = TopLevelSpec;

/** One panel of a figure that has several. */
export type PanelSpec = NonNormalizedSpec;

/** One layer of marks within a panel. */
export type MarkSpec = LayerSpec<Field> | UnitSpec<Field>;

/** What Vega-Lite takes as inline data: plain rows. They are copied, so that the caller's stay untouched. */
export function inlineData(rows: readonly object[]): { values: object[] } {
  return { values: rows.map((row) => ({ ...row })) };
}
