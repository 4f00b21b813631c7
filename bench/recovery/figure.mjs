// β found against true, coverage against level, and the ranks of the truth: three panels.
import { correctedBeta, coverage, LEVELS, ranks } from "./summary.mjs";

const COLOURS = { domain: ["0", "0.03", "0.1"], range: ["#0072B2", "#E69F00", "#D55E00"] };
const NOISE = {
  field: "noise",
  type: "nominal",
  title: "noise",
  scale: COLOURS,
  legend: { orient: "top", titleOrient: "left" },
};
const panel = { width: 250, height: 230 };
const BETA = { type: "log", domain: [0.25, 24], nice: false };
const axis = { values: [0.25, 0.5, 1, 2, 4, 8, 16], format: "~g" };
const x = (title, scale, rest = {}) => ({ field: "x", type: "quantitative", title, scale, ...rest });
const y = (title, scale, rest = {}) => ({ field: "y", type: "quantitative", title, scale, ...rest });
const diagonal = (low, high) => ({
  data: { values: [low, high].map((at) => ({ x: at, y: at })) },
  mark: { type: "line", color: "#8A8A8A", strokeDash: [4, 3], strokeWidth: 1 },
});

/** β within the panel: what lies beyond is drawn at its edge. */
const within = (beta) => Math.min(24, Math.max(0.25, beta));

function betaPanel(rows) {
  const values = rows.map((row) => {
    const { truth, families } = row;
    const { intervals } = families[truth.family];
    const beta = correctedBeta(row);
    const [low, high] = (intervals[95] ?? [beta, beta]).map(within);
    return {
      x: truth.beta,
      y: within(beta),
      low,
      high,
      noise: String(truth.noise),
      family: truth.family.toUpperCase(),
    };
  });
  const shape = {
    field: "family",
    type: "nominal",
    title: null,
    scale: { domain: ["SA", "USA"], range: ["circle", "diamond"] },
    legend: { orient: "top" },
  };
  const encoding = { x: x("true β", BETA, { axis }), y: y("β found, 95 % interval", BETA, { axis }) };
  return {
    ...panel,
    layer: [
      { ...diagonal(0.25, 24), encoding },
      {
        data: { values },
        mark: { type: "rule", opacity: 0.5 },
        encoding: { ...encoding, y: { ...encoding.y, field: "low" }, y2: { field: "high" }, color: NOISE },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 22, opacity: 0.9 },
        encoding: { ...encoding, color: NOISE, shape },
      },
    ],
  };
}

function coveragePanel(rows) {
  const values = [0, 0.03, 0.1].flatMap((noise, at) => {
    const some = rows.filter(({ truth }) => truth.noise === noise);
    return LEVELS.map((level) => ({ level, ...coverage(some, level) }))
      .filter(({ count }) => count > 0)
      .map(({ level, share, error }) => {
        const [low, high] = [share - 2 * error, share + 2 * error].map(
          (value) => 100 * Math.min(1, Math.max(0, value)),
        );
        return { x: level + 1.2 * (at - 1), y: 100 * share, low, high, noise: String(noise) };
      });
  });
  const range = (low) => ({ domain: [low, 102], nice: false });
  const encoding = {
    x: x("level of the interval, %", range(40), { axis: { values: LEVELS } }),
    y: y("holds the truth, %", range(0)),
  };
  return {
    ...panel,
    layer: [
      { ...diagonal(40, 102), encoding },
      {
        data: { values },
        mark: { type: "rule" },
        encoding: { ...encoding, y: { ...encoding.y, field: "low" }, y2: { field: "high" }, color: NOISE },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 40, opacity: 1 },
        encoding: { ...encoding, color: NOISE },
      },
    ],
  };
}

/** Bins are of unequal width: how full each is beside what calibrated fits give, 1. */
function rankPanel(rows) {
  const { bins, count } = ranks(rows);
  if (count === 0) return [];
  const values = bins.map(({ from, to, count: found, expected }) => {
    const spread = 2 * Math.sqrt((1 - (to - from) / 100) / expected);
    return { bin: `${from}–${to}`, full: found / expected, one: 1, low: Math.max(0, 1 - spread), high: 1 + spread };
  });
  const bin = {
    field: "bin",
    type: "ordinal",
    sort: null,
    title: "rank of the truth among resamples, %",
    axis: { labelAngle: -40 },
  };
  const height = (field) => ({ field, type: "quantitative", title: `found / expected, ${count} fits` });
  const layers = [
    { mark: { type: "bar", color: "#B8C9D9" }, encoding: { x: bin, y: height("full") } },
    { mark: { type: "rule", strokeWidth: 2 }, encoding: { x: bin, y: height("low"), y2: { field: "high" } } },
    {
      mark: { type: "point", filled: true, color: "#000000", size: 30, opacity: 1 },
      encoding: { x: bin, y: height("one") },
    },
  ];
  return [{ ...panel, data: { values }, layer: layers }];
}

/** @returns {any} */
export function recoveryFigure(rows) {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: `${rows.length} simulated networks of known law: β found against the true one, coverage of the intervals, ranks of the truth.`,
    title: {
      text: `What the fit finds of ${rows.length} known laws`,
      subtitle: [
        "SA and USA, β .5 … 12, n = 32 and 128, d = 8 and 64, linear and power time. Bars of coverage and ranks: ± 2 standard errors; black, what calibrated fits give.",
      ],
      anchor: "start",
      offset: 10,
    },
    background: "#FFFFFF",
    padding: 10,
    config: { font: "DejaVu Sans", view: { stroke: null }, axis: { gridColor: "#E6E6E6" }, aria: false },
    hconcat: [betaPanel(rows), coveragePanel(rows), ...rankPanel(rows)],
  };
}
