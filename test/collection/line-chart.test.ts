import { expect, it } from "vitest";
import { lineChart, ticks } from "../../src/collection/line-chart.ts";

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

it("ticks are round, within the limits, zero exactly zero", () => {
  expect(ticks([-0.2, 1], 4)).toEqual([0, 0.5, 1]);
  expect(ticks([0, 12], 4)).toEqual([0, 5, 10]);
});
