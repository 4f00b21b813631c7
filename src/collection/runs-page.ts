import { relative, sep } from "node:path";
import { escapeHtml } from "../report/html.ts";
import { STYLE } from "../report/style.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { fixedDigits } from "../words/format-number.ts";
import { betaInWords, conclusionInWords, modelInWords, tokensInWords, whenInWords } from "./in-words.ts";
import { lineChart } from "./line-chart.ts";
import type { RunSummary } from "./run-summary.ts";
import { RUNS_STYLE } from "./runs-style.ts";

/** Nothing is fetched and nothing runs. */
export const STATIC_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const HOW =
  "Each picture: mean inner product of token pairs against the layer, on the same scales; of one text with its 95 % interval over tokens, of several with their range.";

/** An index of runs, small multiples on common scales, each leading to its report. `folder`: where the page will lie. */
export function runsPage(runs: readonly RunSummary[], folder: string): string {
  const layers = runs.flatMap((run) => run.mean_cosine.map(({ layer }) => layer));
  const means = runs.flatMap((run) => run.mean_cosine.map(({ value }) => value));
  const scales = { x: [0, Math.max(1, ...layers)], y: [Math.min(0, ...means), Math.max(1, ...means)] } as const;
  const count = `${runs.length} ${runs.length === 1 ? "run" : "runs"}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${STATIC_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${count}</title>
<style>${STYLE}${RUNS_STYLE}</style>
</head>
<body>
<header class="wide"><h1>${count}</h1><p class="size">${HOW}</p></header>
<main class="wide"><ul class="runs">
${runs.map((run) => card(run, folder, scales)).join("\n")}
</ul></main>
<footer class="wide">Made by tokensphere. The newest stands first; times are UTC.</footer>
</body>
</html>
`;
}

function card(
  run: RunSummary,
  folder: string,
  scales: { readonly x: readonly [number, number]; readonly y: readonly [number, number] },
): string {
  const path = [...relative(folder, run.folder).split(sep), RUN_FILES.report].map(encodeURIComponent).join("/");
  const values = run.mean_cosine.map(({ value }) => value);
  const said =
    values.length === 0
      ? "no mean cosine"
      : `mean cosine from ${fixedDigits(values[0]!, 2)} to ${fixedDigits(values.at(-1)!, 2)}`;
  const chart = lineChart({
    curves: [{ label: run.name, points: run.mean_cosine }],
    ...scales,
    width: 300,
    height: 130,
    label: `${run.name}: ${said}`,
  });
  const found = [conclusionInWords(run), betaInWords(run)].filter((part) => part !== "–");
  return `<li><h2><a href="${escapeHtml(path)}">${escapeHtml(run.name)}</a></h2>
<p class="soft">${escapeHtml([whenInWords(run), run.command].join(" · "))}</p>
${chart}
<p>${escapeHtml(said)}</p>
<p>${escapeHtml([modelInWords(run), run.texts, tokensInWords(run), `${run.layers} layers`, run.heads === null ? "" : `${run.heads} ${run.heads === 1 ? "head" : "heads"}`].filter(Boolean).join(" · "))}</p>
<p><b>${escapeHtml(found.join(" · ") || "no fit")}</b></p>${run.note === null ? "" : `\n<p>Note: ${escapeHtml(run.note)}</p>`}</li>`;
}
