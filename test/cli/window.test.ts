import { describe, expect, it } from "vitest";
import { leftInWords, openLog, progressLine } from "../../src/effects/progress.ts";
import { table } from "../../src/effects/table.ts";
import { NO_WINDOW, painted, windowOf, wrapped } from "../../src/effects/window.ts";
import { sparkline, thinned } from "../../src/words/sparkline.ts";

describe("a window", () => {
  it("is none where output is piped; colours obey NO_COLOR and TERM", () => {
    expect(windowOf({ isTTY: false, columns: 0 }, {})).toEqual(NO_WINDOW);
    expect(windowOf({ isTTY: true, columns: 60 }, {})).toEqual({ columns: 60, colour: true, links: true });
    expect(windowOf({ isTTY: true, columns: 60 }, { NO_COLOR: "1" }).colour).toBe(false);
    expect(windowOf({ isTTY: true, columns: 60 }, { NO_COLOR: "" }).colour).toBe(true); // Empty counts as not set.
    expect(windowOf({ isTTY: true, columns: 60 }, { TERM: "dumb" })).toMatchObject({ colour: false, links: false });
    expect(painted(NO_WINDOW, "strong", "x")).toBe("x");
  });

  it("wraps words and breaks none", () => {
    const text = "one two three four five six seven";
    const lines = wrapped({ columns: 10 }, text);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(10);
    expect(lines.join(" ")).toBe(text);
    expect(wrapped(NO_WINDOW, text)).toEqual([text]);
  });
});

it("a table that is too wide goes on below, under the same first column", () => {
  const lines = table(["layer", "a", "b"], [["0", "1.5", "2.5"]], 12);
  expect(lines).toEqual(["layer    a", "    0  1.5", "", "layer    b", "    0  2.5"]);
  expect(table(["layer", "a"], [["0", "1"]], 3)).toEqual(["layer  a", "    0  1"]); // One column at least.
});

describe("progress", () => {
  it("is one plain line a stage where nobody watches", () => {
    const lines: string[] = [];
    const log = openLog((line) => lines.push(line));
    for (const [share, stage] of [
      [0, "text 1 of 9"],
      [0.5, "text 2 of 9"],
      [0, "fitting SA, β = 4"],
      [0.3, "fitting SA, β = 4.21"],
      [0.6, "fitting USA, β = 1"],
    ] as const)
      log.update(share, stage);
    expect(lines).toEqual(["text 1 of 9", "fitting SA, β = 4", "fitting USA, β = 1"]);
  });

  it("is one line that never breaks, with the time left once it is known", () => {
    for (const columns of [40, 60, 120])
      expect(progressLine(0.4, "fitting ".repeat(20), columns).length).toBeLessThan(columns);
    expect(progressLine(0.5, "probing", 60)).toBe("███████▌░░░░░░░  50 % probing".replace("▌", "█"));
    expect(leftInWords(0.5, 1)).toBe("");
    expect(leftInWords(0.25, 10)).toBe("30 s left, ");
    expect(leftInWords(0.1, 60)).toBe("9 min left, ");
  });
});

it("a sparkline goes from the least to the largest block, with gaps", () => {
  expect(sparkline([0, 0.5, null, 1], [0, 1])).toBe("▁▅ █");
  expect(thinned([...Array(100).keys()], 5)).toEqual([0, 25, 50, 74, 99]);
});
