import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { writeHiddenStates } from "../../models/states/write-hidden-states.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import type { SideBySide } from "../../src/collection/side-by-side.ts";
import { COMPARISON } from "../../src/formats/comparison-format.ts";
import { formatFault } from "../../src/formats/read-format.ts";
import { RUN } from "../../src/formats/run-formats.ts";
import { LOCK } from "../../src/run/rows/run-files.ts";
import { FIT_ONLY } from "../cli/fit-only.ts";
import { cutInputs, modelFixtures } from "../cli/model-fixtures.ts";
import { jsonOf, runCli } from "../cli/run-cli.ts";
import { statesOf } from "../fit/simulated-states.ts";

let cwd: string;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-runs-"));
  for (const [name, seed] of [
    ["a", 1],
    ["b", 7],
  ] as const) {
    const layers = [0, 1, 2].map((k) => Float32Array.from(uniformCloud(8, 3, randomSource(seed + k)).x));
    await writeHiddenStates(join(cwd, `${name}.safetensors`), [statesOf(layers, 8, 3)]);
    const named = name === "a" ? ["--name", "first", "--note", "a <remark>"] : [];
    const what = ["compare", `${name}.safetensors`, "--bootstrap", "0", "--no-updates", "--no-who", "--time", "linear"];
    const done = await runCli([...what, "--out", `runs/${name}`, ...named], { cwd });
    if (done.code !== 0) throw new Error(done.failed.join());
  }
  mkdirSync(join(cwd, "runs/broken"));
  for (const file of ["manifest.json", "metrics.csv"]) writeFileSync(join(cwd, "runs/broken", file), "{}");
  mkdirSync(join(cwd, "runs/other"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe("--name and --note", () => {
  it("stand in the manifest and in the report, as text", () => {
    const manifest = JSON.parse(readFileSync(join(cwd, "runs/a/manifest.json"), "utf8"));
    expect(formatFault(RUN, manifest)).toBeNull();
    expect(manifest).toMatchObject({ name: "first", note: "a <remark>" });
    const html = readFileSync(join(cwd, "runs/a/report.html"), "utf8");
    expect(html).toContain("<h1>first: network and theory</h1>");
    expect(html).toContain("Note: a &lt;remark&gt;");
  });
});

describe("runs", () => {
  it("lists what can be read, with a path of the mean cosine, and warns of what cannot", async () => {
    const { code, out, said } = await runCli(["runs"], { cwd });
    expect(code).toBe(0);
    expect(out).toHaveLength(3);
    expect(
      out
        .slice(1)
        .map((line) => line.split(/\s+/)[0])
        .sort(),
    ).toEqual(["b", "first"]);
    for (const line of out.slice(1)) expect(line).toMatch(/ 8 +3 +– +[▁-█]{3} −?\d\.\d\d → −?\d\.\d\d /);
    expect(said).toEqual([expect.stringMatching(/^warning: .*broken cannot be read/)]);
  });

  it("fits a window of 60 columns and loses nothing there", async () => {
    const wide = await runCli(["runs"], { cwd });
    const { out } = await runCli(["runs"], { cwd, window: { columns: 60, colour: false, links: false } });
    for (const line of out) expect(line.length).toBeLessThanOrEqual(60);
    const wordsOf = (lines: readonly string[]) => new Set(lines.flatMap((line) => line.split(/\s+/)));
    expect(wordsOf(out)).toEqual(new Set([...wordsOf(wide.out), ""]));
  });

  it("are one JSON document where that is asked for", async () => {
    const { runs, unreadable } = jsonOf(await runCli(["runs", "--json"], { cwd })) as {
      readonly runs: readonly Record<string, unknown>[];
      readonly unreadable: readonly unknown[];
    };
    expect(runs).toHaveLength(2);
    const first = runs.find(({ name }) => name === "first");
    expect(first).toMatchObject({
      note: "a <remark>",
      command: "compare",
      tokens: [8],
      layers: 3,
      heads: null, // Of saved states nobody knows.
      conclusion: expect.any(String),
    });
    expect(unreadable).toHaveLength(1);
  });

  it("become a page of small pictures that asks for nothing and runs nothing", async () => {
    const pages: string[] = [];
    const { out } = await runCli(["runs", "--open"], { cwd, pages });
    expect(pages).toEqual([join(cwd, "runs/index.html")]);
    expect(out.at(-1)).toBe(pages[0]);
    const html = readFileSync(pages[0], "utf8");
    expect(html.match(/<svg class="chart"/g)).toHaveLength(2);
    expect(html).toContain('href="a/report.html"');
    expect(html).not.toMatch(/<script|https?:/);
  });

  it("are refused where there is no folder", async () => {
    expect(await runCli(["runs", "none"], { cwd })).toMatchObject({
      code: 3,
      failed: [expect.stringMatching(/no folder/)],
    });
  });
});

describe("view", () => {
  it.each([["first"], ["runs/a"], ["a"]])("shows the page of %s", async (named) => {
    const pages: string[] = [];
    await runCli(["view", named], { cwd, pages });
    expect(pages).toEqual([join(cwd, "runs/a/report.html")]);
  });

  it("says where the page lies where there is no browser", async () => {
    const { code, out, said } = await runCli(["view", "b"], { cwd });
    expect({ code, out }).toEqual({ code: 0, out: [join(cwd, "runs/b/report.html")] });
    expect(said).toEqual(["note: no browser was found here: the path is above"]);
  });

  it("makes the path a link in a terminal that has such", async () => {
    const { out } = await runCli(["view", "b"], { cwd, window: { columns: 80, colour: false, links: true } });
    const path = join(cwd, "runs/b/report.html");
    expect(out).toEqual([`\u001b]8;;${pathToFileURL(path)}\u001b\\${path}\u001b]8;;\u001b\\`]);
  });

  it.each(["none", "other"])("refuses %s, where there is nothing to show", async (named) => {
    expect(await runCli(["view", named], { cwd })).toMatchObject({ code: 3, out: [] });
  });
});

describe("report", () => {
  it("draws a run by its name, and what was measured when and by what stays in its manifest", async () => {
    const path = join(cwd, "runs/a/manifest.json");
    const read = () => JSON.parse(readFileSync(path, "utf8"));
    const before = { ...read(), created: "2020-01-01T00:00:00.000Z", versions: { tokensphere: "0.0.1", node: "1" } };
    writeFileSync(path, JSON.stringify(before));
    expect(await runCli(["report", "first"], { cwd })).toMatchObject({ code: 0, failed: [] });
    const { files, drawn, ...after } = read();
    const { files: _, drawn: __, ...same } = before;
    expect(after).toEqual(same);
    expect(drawn).toEqual({ at: "2026-01-02T03:04:05.000Z", tokensphere: expect.stringMatching(/^\d+\.\d+/) });
    expect(formatFault(RUN, read())).toBeNull();
  });
});

describe("runs side by side", () => {
  it.each([["report"], ["compare"]])("are a page and its numbers, by %s", async (command) => {
    const done = await runCli([command, "first", "runs/b", "--out", `beside-${command}`, "--json"], { cwd });
    const told = jsonOf(done) as {
      readonly runs: readonly { name: string }[];
      readonly paths: { folder: string; page: string };
    };
    expect(told.runs.map(({ name }) => name)).toEqual(["first", "b"]);
    const { paths, ...written } = told;
    expect(JSON.parse(readFileSync(join(paths.folder, "comparison.json"), "utf8"))).toEqual(written);
    expect(formatFault(COMPARISON, written)).toBeNull();
    const html = readFileSync(paths.page, "utf8");
    expect(html).toContain('href="../runs/a/report.html"');
    expect(html).not.toMatch(/https?:\/\//);
  });

  it("say in sentences how the last layers differ, and with which interval", async () => {
    const { code, out } = await runCli(["report", "a", "b", "--out", "beside-words"], { cwd });
    expect(code).toBe(0);
    expect(out[0]).toMatch(/^After layer 2 the mean cosine of b is −?0\.\d+, that of first −?0\.\d+: .*\(.* … .*\)\.$/);
    expect(out.at(-1)).toBe(join(cwd, "beside-words/comparison.html"));
  });

  it.each([
    [["compare", "a", "b", "--depth", "3"], "--depth: runs side by side measures nothing anew. leave it out"],
    [["report", "a", "runs/a"], "a runs/a: the same run twice. name different ones"],
    [["compare", "a.safetensors", "--by", "depth=12"], "--by wants depth="],
    [["compare", "--by", "depth=2,3", "--depth", "4"], "--depth: --by says it already. leave one of the two out"],
    [["compare", "--by", "heads=1,2", "--preset", "glpr-figure1"], "--preset beside --by: both read"],
  ])("refuse %j", async (line, message) => {
    const { code, failed } = await runCli(line, { cwd });
    expect({ code, failed }).toEqual({ code: 2, failed: [expect.stringContaining(message)] });
  });
});

describe("compare --by", () => {
  it("makes a run for each value and puts them side by side", async () => {
    const fixtures = await modelFixtures("bert");
    try {
      cutInputs(fixtures.inputs("bert"), 1, 6, join(fixtures.cwd, "inputs.json"));
      const what = [
        "compare",
        fixtures.model("bert"),
        "--inputs",
        "inputs.json",
        "--by",
        "random-init=3",
        "--out",
        "o",
      ];
      const flags = ["--bootstrap", "0", "--time", "linear", "--families", "sa", "--no-who", "--json", ...FIT_ONLY];
      const { runs, differs } = jsonOf(await runCli([...what, ...flags], { cwd: fixtures.cwd })) as SideBySide;
      expect(runs.map(({ folder }) => folder)).toEqual(
        ["as-it-is", "random-init-3"].map((one) => join(fixtures.cwd, `o-${one}`)),
      );
      expect(differs).toEqual([{ flag: "randomInit", values: ["", "3"] }]);
    } finally {
      fixtures.remove();
    }
  });
});

describe("a run of which a file was damaged", () => {
  const path = (name: string) => join(cwd, "runs/a", name);
  const READ = ["metrics.csv", "histograms.json", "fit.json"];

  /** Runs what a test asks on run `a` with another content of a file, and puts the file back. */
  async function damaged<T>(name: string, damage: (bytes: Buffer) => Buffer | null, ask: () => Promise<T>): Promise<T> {
    const bytes = readFileSync(path(name));
    const other = damage(bytes);
    if (other === null) rmSync(path(name));
    else writeFileSync(path(name), other);
    try {
      return await ask();
    } finally {
      writeFileSync(path(name), bytes);
    }
  }
  const DAMAGES: readonly [string, (bytes: Buffer) => Buffer | null][] = [
    ["emptied", () => Buffer.alloc(0)],
    ["cut", (bytes) => bytes.subarray(0, bytes.length / 2)],
    // A digit that is another: it parses as before.
    ["flipped", (bytes) => Buffer.from(bytes).fill(bytes[bytes.length - 9] ^ 1, bytes.length - 9, bytes.length - 8)],
    ["gone", () => null],
  ];
  const refused = {
    code: 3,
    out: [],
    failed: [expect.stringMatching(/^error: .*(not what the run wrote|gone)\. make/)],
  };

  it.each(READ.flatMap((name) => DAMAGES.map(([how, damage]) => [name, how, damage] as const)))(
    "is not drawn again nor put beside another: %s %s",
    async (name, _, damage) => {
      await damaged(name, damage, async () => {
        expect(await runCli(["report", "runs/a"], { cwd })).toMatchObject(refused);
        expect(await runCli(["compare", "runs/a", "runs/b", "--out", "together"], { cwd })).toMatchObject(refused);
        const { code, said, out } = await runCli(["runs"], { cwd });
        // A list reads no histograms; without metrics a folder is no run.
        const read = name !== "histograms.json" && (name !== "metrics.csv" || existsSync(path(name)));
        expect({ code, warned: said.some((line) => line.includes("runs/a cannot be read: ")) }).toEqual({
          code: 0,
          warned: read,
        });
        expect(out.length).toBe(name === "histograms.json" ? 3 : 2);
      });
      expect(readdirSync(cwd).filter((one) => /together|draft/.test(one))).toEqual([]);
    },
  );

  it.each(DAMAGES.filter(([how]) => how !== "flipped"))("says so of a manifest: %s", async (_, damage) => {
    await damaged("manifest.json", damage, async () => {
      for (const line of ["report runs/a", "compare runs/a runs/b --out together"]) {
        const { code, failed } = await runCli(line.split(" "), { cwd });
        expect({ code, lines: failed.length }).toEqual({ code: 3, lines: 1 });
      }
    });
  });

  it("is shown with a warning where its page is another", async () => {
    await damaged("report.html", DAMAGES[1][1], async () => {
      const { code, said } = await runCli(["view", "runs/a"], { cwd, pages: [] });
      expect(code).toBe(0);
      expect(said).toEqual([expect.stringMatching(/^warning: .*report\.html: not the page that the run wrote\. /)]);
    });
  });

  it("is no run whose line ends alone are others", async () => {
    const ends = (bytes: Buffer) => Buffer.from(bytes.toString().replaceAll("\n", "\r\n"));
    await damaged("metrics.csv", ends, async () => {
      expect((await runCli(["compare", "runs/a", "runs/b", "--out", "together"], { cwd })).failed).toEqual([]);
    });
    rmSync(join(cwd, "together"), { recursive: true });
  });

  it("is not written to by two at once", async () => {
    writeFileSync(path(LOCK), String(process.ppid));
    expect(await runCli(["report", "runs/a"], { cwd })).toMatchObject({
      code: 2,
      failed: [
        `error: process ${process.ppid} writes into ${join(cwd, "runs/a")}. wait for it, or give another folder`,
      ],
    });
    rmSync(path(LOCK));
  });
});
