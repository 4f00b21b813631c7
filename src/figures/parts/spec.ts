import type { TopLevelSpec } from "vega-lite";
import type { Field } from "vega-lite/types_unstable/channeldef.js";
import type { NonNormalizedSpec } from "vega-lite/types_unstable/spec/index.js";
import type { LayerSpec } from "vega-lite/types_unstable/spec/layer.js";
import type { UnitSpec } from "vega-lite/types_unstable/spec/unit.js";

/** A figure with what a report says of it. The name is its file's name and its function's. */
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
