import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import { EVENT_KINDS } from "../../sim/events/event.ts";

const page = readFileSync(new URL("../../docs/dynamics.md", import.meta.url), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| `"));

describe("docs/dynamics.md", () => {
  it("has every dynamics in one row, with its equation, parameters and source", () => {
    for (const { name, equation, parameters, source } of Object.values(DYNAMICS)) {
      const found = rows.filter((row) => row.startsWith(`| \`${name}\` |`));
      expect(found).toHaveLength(1);
      const cells = found[0].split(/(?<!\\)\|/).map((cell) => cell.trim());
      expect([cells[2], cells[3], cells[6]]).toEqual([equation, Object.keys(parameters).join(", ") || "–", source]);
    }
  });

  it("says what each keeps as the code has it", () => {
    for (const { name, geometry, rotates, permutes, contracts, harmonics } of Object.values(DYNAMICS)) {
      const cells = (rows.find((row) => row.startsWith(`| \`${name}\` |`)) as string).split(/(?<!\\)\|/);
      const words = [
        ["lengths", geometry === "sphere"],
        ["rotations", rotates],
        ["permutations", permutes],
        ["order", !permutes],
        ["hull", contracts],
      ] as const;
      for (const [word, holds] of words) expect([name, word, cells[4].includes(word)]).toEqual([name, word, holds]);
      expect([name, cells[5].trim() !== "–"]).toEqual([name, harmonics !== undefined]);
    }
  });

  it("has every event", () => {
    for (const kind of EVENT_KINDS) expect(page).toContain(`| \`${kind.replace(" ", "-")}=`);
  });
});
