import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { jsonOf, runCli } from "../cli/run-cli.ts";
import { fillCommand, valueAt } from "./fill-command.ts";
import { printedValues } from "./print-values.ts";

const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const kindSchema = z.object({
  kind: z.string(),
  about: z.string(),
  command: z.string(),
  path: z.string().optional(),
  paths: z.record(z.string(), z.string()).optional(),
});
const { kinds } = z.object({ kinds: z.array(kindSchema) }).parse(JSON.parse(read("../../docs/theory-values.json")));
const { values } = z
  .object({
    values: z.array(
      z.object({
        kind: z.string(),
        id: z.string(),
        parameters: z.record(z.string(), z.unknown()),
        value: z.unknown(),
        accuracy: z.string(),
      }),
    ),
  })
  .parse(JSON.parse(read("../fixtures/sim/theory-more.json")));

/** Every number of the two, side by side. */
function pairsOf(wanted: unknown, found: unknown): [number, number][] {
  if (typeof wanted === "number") return [[wanted, typeof found === "number" ? found : Number.NaN]];
  if (typeof wanted !== "object" || wanted === null) return [[0, wanted === found ? 0 : Number.NaN]];
  return Object.entries(wanted).flatMap(([key, inner]) =>
    pairsOf(inner, typeof found === "object" && found !== null ? Reflect.get(found, key) : undefined),
  );
}

/** The largest difference, of values below 1 absolute and of those above relative. */
function largestError(wanted: unknown, found: unknown): number {
  return pairsOf(wanted, found).reduce((worst, [a, b]) => {
    const error = Math.abs(a - b) / Math.max(1, Math.abs(a));
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }, 0);
}

const answers = new Map<string, Promise<unknown>>();

function answerTo(words: readonly string[]): Promise<unknown> {
  const key = words.join(" ");
  const known = answers.get(key) ?? runCli(words, { cwd: tmpdir() }).then(jsonOf);
  answers.set(key, known);
  return known;
}

describe("every value of the theory", () => {
  for (const { id, kind, parameters, value, accuracy } of values) {
    it(`${id} comes from one command line`, async () => {
      const found = kinds.find((one) => one.kind === kind);
      if (!found) throw new Error(`no command for ${kind}`);
      const answer = await answerTo(fillCommand(found.command, parameters));
      const got = found.paths
        ? Object.fromEntries(Object.entries(found.paths).map(([name, path]) => [name, valueAt(answer, path)]))
        : valueAt(answer, found.path ?? "");
      // `exact`, 1e-14 and 1e-13 are read as 1e-13: sums of some ten numbers are rounded otherwise in another order.
      const allowed = Math.max(1e-13, accuracy === "exact" ? 0 : Number(accuracy));
      expect(largestError(value, got)).toBeLessThan(allowed);
    });
  }

  it("is told apart from one with another sign, a factor 2 or π", () => {
    for (const { value } of values) {
      const [numbers] = [pairsOf(value, value).map(([a]) => a)];
      for (const factor of [-1, 2, Math.PI])
        expect(
          largestError(
            numbers,
            numbers.map((a) => factor * a),
          ),
        ).toBeGreaterThan(1e-7);
    }
  });

  it("has its command in the documentation, printed from the list", () => {
    expect(read("../../docs/theory-values.md")).toBe(printedValues(kinds));
  });
});
