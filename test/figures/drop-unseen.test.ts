import { describe, expect, it } from "vitest";
import { dropUnseen } from "../../src/draw/drop-unseen.ts";
import { renderFigure, renderSvg } from "../../src/draw/render.ts";
import { bifurcationDiagram } from "../../src/figures/theory/bifurcationDiagram.ts";
import { phaseDiagram } from "../../src/figures/theory/phaseDiagram.ts";

const rows = [1, 2].flatMap((beta) => [0, 1, 2].map((time) => ({ beta, time, probability: 0.5 })));
const withCurve = (...curve: { beta: number; time: number }[]) => phaseDiagram(rows, { curve });
const CURVE_PATH = /<path d="[^"]*" stroke="#FFFFFF" stroke-width="1.6"/;

/** The frame is 460 wide for times 0 … 2, 300 high for β 1 … 2. */
const pixels = (right: number) => (right / 460) * 2;

const aside = {
  left: withCurve({ beta: 1, time: -9 }, { beta: 2, time: -8 }),
  right: withCurve({ beta: 1, time: 5.5 }, { beta: 2, time: 7 }),
  above: withCurve({ beta: 9, time: 0 }, { beta: 12, time: 2 }),
  below: withCurve({ beta: -9, time: 0 }, { beta: -12, time: 2 }),
};

describe("a clipped curve that lies beside its frame", () => {
  it.each(Object.entries(aside))("is not drawn: %s", async (_where, figure) => {
    expect(dropUnseen(await renderSvg(figure))).not.toMatch(CURVE_PATH);
  });

  // Where this fails, resvg ends the process of the test.
  it.each(Object.entries(aside))("lets the picture be drawn: %s", async (_where, figure) => {
    expect((await renderFigure(figure)).png!.slice(1, 4)).toEqual(new TextEncoder().encode("PNG"));
  });

  it("may be all that a figure has", async () => {
    const uniform = [0.01, 0.02].map((kappa) => ({ kappa, order: 0, stable: true }));
    const branch = [0.3, 0.4].map((kappa) => ({ kappa, order: 0.9, stable: true }));
    const figure = bifurcationDiagram({ branch, uniform, critical: 0.2, range: [0.01, 0.02], about: "USA, β = 5" });
    expect((await renderFigure(figure)).png!.length).toBeGreaterThan(1000);
  });
});

describe("a clipped curve that reaches the frame", () => {
  it.each([
    ["crosses it", withCurve({ beta: 1, time: -5 }, { beta: 2, time: 5 })],
    ["crosses no side but passes a corner", withCurve({ beta: 1, time: -1 }, { beta: 9, time: 0.5 })],
    [
      "runs beside it as near as its own width",
      withCurve({ beta: 1, time: pixels(463) }, { beta: 2, time: pixels(463) }),
    ],
  ])("is left as it is: %s", async (_how, figure) => {
    const svg = await renderSvg(figure);
    expect(svg).toMatch(CURVE_PATH);
    expect(dropUnseen(svg)).toBe(svg);
  });

  it("is dropped where it is farther than a line is wide", async () => {
    const svg = await renderSvg(withCurve({ beta: 1, time: pixels(470) }, { beta: 2, time: pixels(470) }));
    expect(dropUnseen(svg)).not.toMatch(CURVE_PATH);
  });
});
