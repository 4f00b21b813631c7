// Cost against size: one row a measurement {who, engine, n, d, us}, one panel a width, logarithmic both ways.
const COLOURS = {
  ts: "#8A8A8A",
  simd: "#0072B2",
  ort: "#D55E00",
  harmonic: "#009E73",
  NumPy: "#56B4E9",
  JAX: "#CC79A7",
  Numba: "#E69F00",
};

/** @returns {any} */
export function costFigure(rows, { machine }) {
  const engines = Object.keys(COLOURS).filter((engine) => rows.some((row) => row.engine === engine));
  const widths = [...new Set(rows.map(({ d }) => d))].sort((a, b) => a - b);
  const power = (value, round) => 10 ** round(Math.log10(value));
  const costs = rows.map(({ us }) => us);
  const domain = [power(Math.min(...costs), Math.floor), power(Math.max(...costs), Math.ceil)];
  const ticks = Array.from(
    { length: Math.round(Math.log10(domain[1] / domain[0])) + 1 },
    (_, i) => domain[0] * 10 ** i,
  );
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: `Time of one velocity against the number of tokens, for ${engines.join(", ")}, at d = ${widths.join(", ")}.`,
    title: {
      text: "What one velocity costs",
      subtitle: [
        "One SA velocity in float64, one call, medians. Solid: engines of this library, in min(n, d) coordinates.",
        `Dashed: anchors. ${machine}.`,
      ],
      anchor: "start",
      offset: 10,
    },
    background: "#FFFFFF",
    padding: 10,
    config: { font: "DejaVu Sans", view: { stroke: null }, axis: { gridColor: "#E6E6E6" }, aria: false },
    data: { values: rows.map((row) => ({ ...row })) },
    facet: {
      column: {
        field: "d",
        type: "ordinal",
        title: null,
        header: { labelExpr: "'d = ' + datum.value", labelFontSize: 13 },
      },
    },
    spec: {
      width: 320,
      height: 300,
      layer: [
        { mark: { type: "line", strokeWidth: 2 } },
        { mark: { type: "point", filled: true, size: 28, opacity: 1 } },
      ],
      encoding: {
        x: {
          field: "n",
          type: "quantitative",
          title: "tokens n",
          scale: { type: "log", nice: false },
          axis: { values: [10, 100, 1000, 10_000, 100_000], format: "~s" },
        },
        y: {
          field: "us",
          type: "quantitative",
          title: "microseconds",
          scale: { type: "log", nice: false, domain },
          axis: { values: ticks, labelExpr: "datum.value < 1 ? format(datum.value, '~g') : format(datum.value, '~s')" },
        },
        color: {
          field: "engine",
          type: "nominal",
          title: null,
          scale: { domain: engines, range: engines.map((engine) => COLOURS[engine]) },
          legend: { orient: "top", symbolType: "stroke", symbolSize: 300, symbolStrokeWidth: 2.5, labelFontSize: 12 },
        },
        strokeDash: {
          field: "who",
          type: "nominal",
          scale: {
            domain: ["ours", "anchor"],
            range: [
              [1, 0],
              [5, 4],
            ],
          },
          legend: null,
        },
      },
    },
  };
}
