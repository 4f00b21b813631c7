import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createSafetensors } from "../../models/arrays/safetensors-writer.ts";
import { jsonOf, runCli } from "./run-cli.ts";

const schema = z.looseObject({
  outcome: z.string(),
  saved: z.int(),
  mean_cosine: z.array(z.number().nullable()),
  states: z.array(z.array(z.array(z.number()))).optional(),
  events: z
    .array(
      z.strictObject({
        kind: z.string(),
        level: z.number(),
        time: z.number(),
        clusters: z.int().optional(),
        tokens: z.tuple([z.int(), z.int()]).optional(),
      }),
    )
    .optional(),
});

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-cli-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const simulate = async (...args: readonly string[]) =>
  schema.parse(jsonOf(await runCli(["simulate", "--json", ...args], { cwd })));
const failure = async (...args: readonly string[]) => {
  const { code, failed } = await runCli(["simulate", ...args], { cwd });
  return { code, failed };
};
const usual = ["--dynamics", "sa", "--beta", "3", "--n", "5", "--d", "4", "--times", "0,1,100"];

describe("simulate --event and --until", () => {
  it("report events and stop at a terminal one", async () => {
    const found = await simulate(...usual, "--event", "merge=0.999", "--until", "mean-cosine=0.9");
    expect(found.outcome).toBe("event");
    expect(found.saved).toBe(2);
    expect(found.mean_cosine[2]).toBeNull();
    expect(found.events!.at(-1)).toMatchObject({ kind: "mean cosine", level: 0.9 });
    const times = found.events!.map(({ time }) => time);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });

  it("say nothing of events where none was asked for", async () => {
    expect((await simulate(...usual)).events).toBeUndefined();
    expect((await simulate(...usual, "--event", "mean-cosine=-0.9")).events).toEqual([]);
  });

  it("tell them in words, a line each, and print no times behind the end", async () => {
    const { out } = await runCli(["simulate", ...usual, "--until", "clusters=0.99:1"], { cwd });
    expect(out).toHaveLength(1 + 2 + 1 + 1);
    expect(out[3]).toMatch(/^clusters 0\.99 at time \d+\.\d+, 1 cluster$/);
    expect(out[4]).toMatch(/^event after /);
  });

  it("refuse what they do not know, in one line", async () => {
    for (const rule of ["mean=0.9", "merge", "merge=", "merge=x", "merge=0.9:2", "=0.9"]) {
      const { code, failed } = await failure(...usual, "--until", rule);
      expect([rule, code, failed.length]).toEqual([rule, 2, 1]);
      expect(failed[0]).toContain("use mean-cosine, min-cosine, merge, clusters with a level");
    }
    expect((await failure(...usual, "--event", "merge=2")).failed[0]).toContain("merge: 2. use a level above -1");
    const noisy = [...usual, "--noise", "5", "--step", "0.1", "--until", "merge=0.9"];
    expect((await failure(...noisy)).failed[0]).toContain("--until: not with --noise");
  });
});

describe("simulate", () => {
  it("says of a start that already meets --until that it is waited for anew", async () => {
    const { code, said } = await runCli(
      ["simulate", ...usual, "--until", "mean-cosine=-0.9", "--until", "merge=0.99999"],
      { cwd },
    );
    expect(code).toBe(0);
    expect(said).toEqual([
      "mean cosine -0.9: so at the start already, which is no event. it counts where it happens again",
    ]);
  });

  it("refuses what a table has no room for", async () => {
    for (const flag of ["--states", "--attention"]) {
      const { code, failed } = await failure(...usual, flag);
      expect({ code, line: failed[0] }).toEqual({
        code: 2,
        line: expect.stringContaining(`${flag}: what it tells stands in JSON`),
      });
    }
  });
});

describe("simulate --params", () => {
  const rows = (offset: number) => [0, 1, 2].map((i) => [0, 1, 2].map((j) => Math.sin(3 * i + j + offset)));
  const heads = [0, 1].map((h) => ({ Q: rows(h), K: rows(h + 5), V: rows(h + 9) }));
  const layers = [{ heads, duration: 0.5 }, { heads: [heads[1]] }];
  const size = ["--n", "4", "--d", "3", "--beta", "1", "--times", "0,1", "--states", "--json"];

  /** The tensors of a file, from names to rows or numbers. */
  async function safetensors(name: string, tensors: Readonly<Record<string, number[][] | number[]>>): Promise<string> {
    const writer = await createSafetensors(join(cwd, name));
    const entries: [string, Awaited<ReturnType<typeof writer.append>>][] = [];
    for (const [key, value] of Object.entries(tensors)) {
      const shape = typeof value[0] === "number" ? [value.length] : [value.length, (value[0] as number[]).length];
      entries.push([key, await writer.append({ dtype: "float64", shape, data: Float64Array.from(value.flat()) })]);
    }
    await writer.finish(new Map(entries));
    return name;
  }

  const headTensors = (prefix: string, list: typeof heads) =>
    Object.fromEntries(
      list.flatMap((head, h) => Object.entries(head).map(([key, m]) => [`${prefix}heads.${h}.${key}`, m])),
    );

  it("reads heads, layers and α(t) alike from JSON and .safetensors", async () => {
    const alpha = [
      [0, 1],
      [0.5, 3],
    ];
    const cases = [
      ["sa_qkv", heads[0], heads[0]],
      ["sa_multihead", { heads }, headTensors("", heads)],
      [
        "sa_layers",
        { layers },
        { ...headTensors("layers.0.", heads), "layers.0.duration": [0.5], ...headTensors("layers.1.", [heads[1]]) },
      ],
      ["sa_ngpt", { alpha }, { alpha }],
      ["sa_ngpt", { alpha: 2 }, { alpha: [2] }],
      ["sa_mixln", { tau: 0.3 }, { tau: [0.3] }],
      ["usa_weighted_causal", { weights: [1, 2, 3, 4] }, { weights: [1, 2, 3, 4] }],
      ["mean_shift", { data: rows(1) }, { data: rows(1) }],
    ] as const;
    for (const [dynamics, json, tensors] of cases) {
      writeFileSync(join(cwd, "params.json"), JSON.stringify(json));
      const file = await safetensors("params.safetensors", tensors as never);
      const flags = ["--dynamics", dynamics, ...size];
      const [a, b] = [await simulate(...flags, "--params", "params.json"), await simulate(...flags, "--params", file)];
      expect(a.outcome).toBe("reached the end");
      expect(b).toEqual(a);
    }
  });

  it("refuses what is no parameter, in one line that says where", async () => {
    for (const [value, message] of [
      ['{"alpha": "much"}', "alpha: invalid input"],
      ['{"layers": [{"duration": 1}]}', "layers.0.heads: invalid input"],
      ['{"layers": [{"heads": [{"Q": [[1]]}]}]}', "layers.0.heads.0.K: invalid input"],
      ['{"Z": 1}', "file: unrecognized key"],
      ["{", "cannot be read as JSON"],
    ]) {
      writeFileSync(join(cwd, "wrong.json"), value);
      const { code, failed } = await failure("--dynamics", "sa_ngpt", ...size, "--params", "wrong.json");
      expect([code, failed.length]).toEqual([3, 1]);
      expect(failed[0]).toContain(message);
    }
  });
});
