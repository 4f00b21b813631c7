import { vi } from "vitest";

/**
 * Draws PNGs at a tenth of their size: half of the time of a run is spent on their pixels, which test/figures and the tests of the
 * program in its own process look at in full.
 */
vi.mock("@resvg/resvg-js", async (original) => {
  const { Resvg } = await original<typeof import("@resvg/resvg-js")>();
  return {
    Resvg: class extends Resvg {
      constructor(svg: string) {
        super(svg, { fitTo: { mode: "zoom", value: 0.1 }, font: { loadSystemFonts: false } });
      }
    },
  };
});
