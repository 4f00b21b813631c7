import { expect, it } from "vitest";
import { curveKey, lineChart, ticks } from "../../src/collection/line-chart.ts";

it("a chart leaves a gap where a value is missing, and has no markup of its labels", () => {
  const points = [0.1, 0.2, null, 0.4, 0.5].map((value, layer) => ({ layer, value }));
  const svg = lineChart({
    curves: [{ label: "a", points }],
    x: [0, 4],
    y: [0, 1],
    width: 300,
    height: 100,
    label: "<b>",
  });
  expect(svg.match(/<path class="c0" d="([^"]+)"/)?.[1].match(/M/g)).toHaveLength(2);
  expect(svg).toContain('aria-label="&lt;b&gt;"');
});

it("a chart has room for the labels beside it, and its legend the same strokes", () => {
  const points = [0, -0.0036].map((value, layer) => ({ layer, value }));
  const chart = lineChart({
    curves: [{ label: "a", points }],
    x: [0, 1],
    y: [-0.004, 0],
    width: 300,
    height: 100,
    label: "",
  });
  const ends = [...chart.matchAll(/<text x="([\d.]+)" y="[^"]+" text-anchor="end">([^<]+)/g)];
  expect(ends.map(([, , label]) => label)).toContain("−0.004");
  // A digit of 11 units is .64 of them wide in DejaVu Sans, the widest of the page's fonts.
  for (const [, end, label] of ends) expect(Number(end)).toBeGreaterThan(0.64 * 11 * label.length);
  expect(curveKey(1)).toMatch(/<path class="c1" /);
  expect(curveKey(7)).toMatch(/<path class="c1 dashed" /);
});

it("ticks are round, within the limits, zero exactly zero", () => {
  expect(ticks([-0.2, 1], 4)).toEqual([0, 0.5, 1]);
  expect(ticks([0, 12], 4)).toEqual([0, 5, 10]);
  expect(ticks([0, 0.84], 4)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
});
