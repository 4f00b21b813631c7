import { type FigureSpec, inlineData } from "../parts/spec.ts";
import { framed } from "../parts/theme.ts";

/** Of Okabe and Ito, one a threshold. */
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

/** How many clusters there are at one β: the mean over starts and where it lies, 95 %; `null`: not known. */
export interface ClustersRow {
  readonly beta: number;
  readonly threshold: number;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** What theory expects at one β, by the name of the law. */
export interface ExpectedRow {
  readonly beta: number;
  readonly law: "k_max" | "√β" | "√(β log β)";
  readonly value: number;
}

const DASHES = { k_max: [1, 0], "√β": [6, 3], "√(β log β)": [2, 2] } as const;

/** Number of clusters by β at one time, one colour a threshold, beside what theory expects (BPA25a; R §4). */
export function clustersByBeta(
  rows: readonly ClustersRow[],
  expected: readonly ExpectedRow[],
  about: string,
): FigureSpec {
  const thresholds = [...new Set(rows.map(({ threshold }) => threshold))];
  const laws = [...new Set(expected.map(({ law }) => law))];
  const x = { field: "beta", type: "quantitative", title: "β", axis: { grid: false } };
  const y = { type: "quantitative", title: "clusters", scale: { zero: true } };
  const color = {
    field: "threshold",
    type: "nominal",
    title: "linked from cosine",
    scale: { domain: thresholds, range: thresholds.map((_, place) => COLOURS[place % COLOURS.length]) },
  };
  const strokeDash = {
    field: "law",
    type: "nominal",
    title: "theory",
    scale: { domain: laws, range: laws.map((law) => DASHES[law]) },
  };
  const layer = [
    {
      data: inlineData(expected),
      mark: { type: "line", color: "#767676", strokeWidth: 1.3 },
      encoding: { x, y: { ...y, field: "value" }, strokeDash },
    },
    {
      mark: { type: "rule", strokeWidth: 1.5 },
      encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
    },
    {
      mark: { type: "line", strokeWidth: 2, point: { filled: true, size: 36 } },
      encoding: { x, y: { ...y, field: "value" }, color },
    },
  ];
  const frame = {
    title: "How many clusters there are",
    subtitle: `${about}; bars: 95 % of the mean over starts`,
    description:
      "Line chart by inverse temperature of the mean number of clusters over starts, a line for each cosine that links tokens, beside the laws of the theory.",
  };
  return framed(frame, { width: 420, height: 280, data: inlineData(rows), layer });
}
