import { usualFile } from "../run/variant-files.ts";
import { formatSignificant } from "../words/format-number.ts";
import { definitions } from "./describe.ts";
import { escapeHtml, section, table } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

/** What is shown first, where the manifest has it; the rest follows in its own order. */
const FIRST = ["name", "note", "command", "model", "sha256", "versions", "seed", "policy", "policies"];

/** Said elsewhere in the report, or of no use to a reader. */
const LEFT_OUT = ["format", "version", "warnings", "stages"];

/** More texts than this are told by their number. */
const MOST_TEXTS = 50;

/** How the report was made: the manifest, what each stage cost, and the files beside the report. */
export function provenance(run: ReportInput): string {
  const keys = Object.keys(run.manifest).filter((key) => !LEFT_OUT.includes(key));
  const ordered = [...FIRST.filter((key) => keys.includes(key)), ...keys.filter((key) => !FIRST.includes(key))];
  const manifest = definitions(ordered.map((key) => [key, shortened(run.manifest[key])] as const));
  return section("made", "How this was made", manifest + stages(run) + files(run));
}

/** The first texts of many: each is in the manifest. */
function shortened(value: unknown): unknown {
  if (!Array.isArray(value) || value.length <= MOST_TEXTS) return value;
  return [...value.slice(0, MOST_TEXTS), { name: `and ${value.length - MOST_TEXTS} more, in manifest.json` }];
}

function stages({ stages: list }: ReportInput): string {
  if (!list || list.length === 0) return "";
  const total = list.reduce((sum, { seconds }) => sum + seconds, 0);
  const peak = Math.max(...list.map(({ peak_mb }) => peak_mb));
  const rows = [...list, { stage: "all", seconds: total, peak_mb: peak }];
  const cells = rows.map(({ stage, seconds, peak_mb }) => [
    escapeHtml(stage),
    formatSignificant(seconds),
    formatSignificant(peak_mb),
  ]);
  return table("Time and memory of each stage.", ["stage", "seconds", "peak memory, MB"], cells, "numbers");
}

const CONTENTS: Readonly<Record<string, string>> = {
  "manifest.json": "arguments, versions, seed, hashes, layer → tensor map, policies",
  "metrics.csv": "every measure by text and layer, with bounds and floors",
  "metrics.parquet": "the same for data frames; so is every other .parquet of its .csv",
  "histograms.json": "counts of inner products on fixed edges",
  "fit.json": "families, parameters, profiles, predictions",
  "explorer.json": "places, neighbours and clusters of tokens, as the explorer shows them",
  "states.safetensors": "hidden states of every layer",
};

/** What a file holds; those of a further reading of the weights say whose they are. */
function contents(name: string): string {
  const usual = usualFile(name);
  const of = name === usual ? "" : ` (${name.slice(usual.indexOf(".") + 1, name.lastIndexOf("."))})`;
  return `${CONTENTS[usual]}${of}`;
}

/** Links to the files of the run folder: those that the manifest lists, else those that every run has. */
function files({ fit, manifest }: ReportInput): string {
  const always = ["manifest.json", "metrics.csv", "histograms.json", ...(fit ? ["fit.json"] : [])];
  const listed = manifest.files !== null && typeof manifest.files === "object" ? Object.keys(manifest.files) : [];
  const known = [...new Set([...always, ...listed])].filter((name) => usualFile(name) in CONTENTS);
  const items = known.map((name) => `<li><a href="${name}">${name}</a>: ${escapeHtml(contents(name))}</li>`);
  return `<h3>Files beside this report</h3><ul>${items.join("\n")}</ul>\n`;
}
