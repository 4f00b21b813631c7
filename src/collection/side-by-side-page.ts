import { relative, sep } from "node:path";
import { oneStop } from "../../models/errors.ts";
import type { ExplorerData } from "../explorer/page/data-shape.ts";
import type { PageScript } from "../explorer/page-script.ts";
import { keyInWords } from "../report/describe.ts";
import { explorerScripts, explorerSection } from "../report/explorer-section.ts";
import { EXPLORER_STYLE } from "../report/explorer-style.ts";
import { escapeHtml, prose, section, table } from "../report/html.ts";
import { STYLE } from "../report/style.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { formatFixed, formatSignificant, percent } from "../words/format-number.ts";
import { betaInWords, conclusionInWords, modelInWords, tokensInWords, whenInWords } from "./in-words.ts";
import { curveKey, lineChart } from "./line-chart.ts";
import { STATIC_POLICY } from "./runs-page.ts";
import { RUNS_STYLE } from "./runs-style.ts";
import type { SideBySide } from "./side-by-side.ts";
import { differenceInWords, intervalsInWords, sideBySideInWords } from "./side-by-side-in-words.ts";

/** What a page of several runs is made from. */
export interface SideBySideInput {
  readonly all: SideBySide;
  /** Where the page will lie: links to reports are relative. */
  readonly folder: string;
  readonly explorer: ExplorerData | null;
  readonly script: PageScript | null;
  /** The command that makes the page again. */
  readonly again: string;
  readonly version: string;
}

const SHOWN = {
  mean_cosine: "mean cosine",
  sd_cosine: "standard deviation",
  "mass_0.9": "mass > .9",
  effective_rank: "effective rank",
} as const;

/** Runs side by side as one self-contained page: sentences, table, curves and their differences, the explorer, every number. */
export function sideBySidePage({ all, folder, explorer: data, script, again, version }: SideBySideInput): string {
  const title = escapeHtml(all.runs.map(({ name }) => name).join(" · "));
  const manifest = { versions: { tokensphere: version } };
  const explorer = data && script ? { data, script, manifest, again, names: labelsOf(all, data) } : null;
  const policy = explorer ? `${STATIC_POLICY}; img-src data:; script-src '${explorer.script.hash}'` : STATIC_POLICY;
  const sentences = sideBySideInWords(all);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}${RUNS_STYLE}${explorer ? EXPLORER_STYLE : ""}</style>
</head>
<body>
<header class="wide"><h1>${title}</h1>
<p class="verdict">${prose(sentences.join(" ") || "Nothing was measured that both runs have.")}</p>
<p class="size">${escapeHtml(intervalsInWords(all))} ${escapeHtml(oneStop(`Everything is held against ${all.runs[0]!.name}.`))}</p></header>
<main class="wide">
${runsSection(all, folder)}${curvesSection(all)}${explorer ? explorerSection(explorer) : ""}${familiesSection(all)}${numbersSection(all)}${againSection(explorer === null, again)}</main>
<footer class="wide">Made by tokensphere.</footer>
${explorer ? explorerScripts(explorer) : ""}</body>
</html>
`;
}

/** What the pictures of the first and of the others are called; of one run's text alone, as ever. */
function labelsOf({ runs }: SideBySide, { texts }: ExplorerData): readonly [string, string, string] {
  const [first] = runs;
  const several = texts.some(({ series }) => series.some(({ name }) => name.includes("/")));
  return several && first
    ? [first.name, "beside it", `beside it less ${first.name}`]
    : ["network", "prediction", "prediction less network"];
}

function runsSection({ runs, differs }: SideBySide, folder: string): string {
  const rows = runs.map((run) => {
    const path = [...relative(folder, run.folder).split(sep), RUN_FILES.report].map(encodeURIComponent).join("/");
    const last = run.mean_cosine.at(-1);
    return [
      `<a href="${escapeHtml(path)}">${escapeHtml(run.name)}</a>`,
      escapeHtml(whenInWords(run)),
      escapeHtml(modelInWords(run)),
      escapeHtml([run.texts, tokensInWords(run)].filter(Boolean).join(", ")),
      String(run.layers),
      String(run.heads ?? "–"),
      last ? `${formatFixed(run.mean_cosine[0]?.value)} → ${formatFixed(last.value)}` : "–",
      escapeHtml(conclusionInWords(run)),
      escapeHtml(betaInWords(run)),
      ...[run.w1_skill, run.pair_skill, run.token_skill].map(percent),
      escapeHtml(run.note ?? ""),
    ];
  });
  const heads = [
    "run",
    "when (UTC)",
    "model",
    "texts",
    "layers",
    "heads",
    "mean cosine",
    "conclusion",
    "nearest family, β",
  ];
  const told = table(
    "Skills are those of the nearest family.",
    [...heads, "skill: histograms", "pairs", "tokens", "note"],
    rows,
  );
  const flags = differs.map(({ flag, values }) => [
    escapeHtml(keyInWords(flag)),
    ...values.map((value) => escapeHtml(short(value) || "–")),
  ]);
  const changed =
    flags.length === 0 ? "" : table("Settings that differ.", ["setting", ...runs.map(({ name }) => name)], flags);
  return section("runs", "Runs", told + changed);
}

function short(value: string): string {
  return value.length > 60 ? `${value.slice(0, 58)}…` : value;
}

function curvesSection({ runs, measures }: SideBySide): string {
  const keys = runs.map(({ name }, k) => `<li>${curveKey(k)}${escapeHtml(name)}</li>`);
  const charts = Object.entries(SHOWN).map(([measure, label]) => {
    const rows = measures.filter((row) => row.measure === measure);
    if (rows.length === 0) return "";
    const bounds =
      measure === "mean_cosine" ? runs.map((run) => new Map(run.mean_cosine.map((one) => [one.layer, one]))) : [];
    const values = runs.map((run, k) => ({
      label: run.name,
      points: rows.map(({ layer, values: of }) => {
        const at = bounds[k]?.get(layer);
        return { layer, value: of[k]!, lo: at?.lo ?? null, hi: at?.hi ?? null };
      }),
    }));
    const gaps = runs.map((run, k) => ({
      label: run.name,
      points: rows.map(({ layer, differences: of }) => ({
        layer,
        value: of[k]?.value ?? null,
        lo: of[k]?.lo ?? null,
        hi: of[k]?.hi ?? null,
      })),
    }));
    const x = [Math.min(...rows.map(({ layer }) => layer)), Math.max(...rows.map(({ layer }) => layer))] as const;
    const moved = gaps.some(({ points }) => points.some(({ value }) => value !== null && value !== 0));
    const title = `${label}, difference from ${runs[0]!.name}`;
    const beside = moved
      ? chart(title, gaps, x)
      : `<p class="soft">${escapeHtml(title)}: none in any layer that both have.</p>`;
    return chart(`${label} by layer`, values, x) + beside;
  });
  return section(
    "curves",
    "Layer by layer",
    `<ul class="keys">${keys.join("")}</ul>\n<div class="charts">${charts.join("\n")}</div>\n`,
  );
}

type Curves = Parameters<typeof lineChart>[0]["curves"];

function chart(title: string, curves: Curves, x: readonly [number, number]): string {
  const all = curves.flatMap(({ points }) => points.flatMap(({ value, lo, hi }) => [value, lo ?? null, hi ?? null]));
  const known = all.filter((value) => value !== null);
  if (known.length === 0) return "";
  const [least, most] = [Math.min(0, ...known), Math.max(...known)];
  const room = 0.04 * (most - least || 1);
  const svg = lineChart({
    curves,
    x,
    y: [least - (least < 0 ? room : 0), most + room],
    width: 520,
    height: 220,
    label: title,
  });
  return `<figure><figcaption>${escapeHtml(title)}</figcaption>${svg}</figure>`;
}

function familiesSection({ runs, families }: SideBySide): string {
  if (families.length === 0) return "";
  const heads = ["family, run", "β", `times that of ${runs[0]!.name}`, "skill: histograms", "pairs", "tokens"];
  const rows = families.flatMap((one) =>
    runs.map(({ name }, k) => [
      escapeHtml(`${one.family}, ${name}`),
      formatSignificant(one.beta[k]),
      differenceInWords(one.ratios[k] ?? null, formatSignificant),
      ...[one.w1_skill[k], one.pair_skill[k], one.token_skill[k]].map(percent),
    ]),
  );
  return section("families", "Families", table("β and skills of each family in each run.", heads, rows, "numbers"));
}

function numbersSection({ runs, measures }: SideBySide): string {
  const tables = Object.entries(SHOWN).map(([measure, label]) => {
    const rows = measures.filter((row) => row.measure === measure);
    if (rows.length === 0) return "";
    const others = runs.slice(1).map(({ name }) => `${name} less ${runs[0]!.name}`);
    const cells = rows.map(({ layer, values, differences }) => [
      layer === 0 ? "0 (embedding)" : String(layer),
      ...values.map(formatFixed),
      ...differences.slice(1).map((one) => differenceInWords(one)),
    ]);
    return table(
      `${label} of token pairs, by layer.`.replace("effective rank of token pairs", "effective rank"),
      ["layer", ...runs.map(({ name }) => name), ...others],
      cells,
      "numbers",
    );
  });
  return section("numbers", "Every number", tables.join(""));
}

/** The explorer has the command with it. */
function againSection(alone: boolean, again: string): string {
  return alone ? section("again", "Run again", `<pre>${escapeHtml(again)}</pre>\n`) : "";
}
