import type { FigureSpec, PanelSpec } from "../parts/spec.ts";
import { framed } from "../parts/theme.ts";
import { CURVE, type PhaseCurveRow, type PhaseRow, phaseLayers } from "./phaseDiagram.ts";

/** One phase diagram among several, all with the same times and β. */
export interface PhasePanel {
  /** Above the panel, such as "d = 2". */
  readonly name: string;
  readonly rows: readonly PhaseRow[];
}

export interface PhasePanelsOptions {
  /** What is the same in all panels, for the subtitle. */
  readonly about?: string;
  /** When equiangular tokens have clustered, by β. */
  readonly curve?: readonly PhaseCurveRow[];
  /** Cosine from which a pair has met. Default 0.999. */
  readonly threshold?: number;
}

const WIDTH = 250;
const HEIGHT = 190;
const COLUMNS = 3;

/** Phase diagrams of clustering side by side, as R Figure 3 has them: one for each width of the tokens, on one colour scale. */
export function phasePanels(panels: readonly PhasePanel[], options: PhasePanelsOptions = {}): FigureSpec {
  const { about = "", curve = [], threshold = 0.999 } = options;
  const frame = {
    title: "When tokens meet, by width",
    subtitle: [about, curve.length > 0 ? CURVE : ""].filter(Boolean).join("; "),
    description: `Heat maps over time and inverse temperature, one for each width: probability that the cosine of two tokens is at least ${threshold}.`,
  };
  const concat = panels.map(
    ({ name, rows }): PanelSpec => ({
      title: { text: name, fontSize: 12, fontWeight: "normal", frame: "group", offset: 4 },
      width: WIDTH,
      height: HEIGHT,
      layer: [...phaseLayers(rows, curve, threshold)],
    }),
  );
  return framed(frame, { columns: COLUMNS, spacing: 14, resolve: { scale: { color: "shared" } }, concat });
}
