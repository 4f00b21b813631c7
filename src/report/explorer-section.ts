import type { ExplorerData } from "../explorer/page/data-shape.ts";
import type { PageScript } from "../explorer/page-script.ts";
import { escapeHtml, prose } from "./html.ts";
import { runAgain } from "./run-again.ts";

/** What the explorer of a page is made from. */
export interface ExplorerInput {
  readonly data: ExplorerData;
  readonly script: PageScript;
  readonly manifest: Readonly<Record<string, unknown>>;
  /** The command that makes the page again; default: that of the manifest. */
  readonly again?: string;
  /** What is shown at the left, beside it, and their difference; default: network and prediction. */
  readonly names?: readonly [string, string, string];
}

const NAMES = ["network", "prediction", "prediction less network"] as const;

const HINT =
  "Point at a word, a point of a sphere or a row of a matrix: its six nearest are said here, in the network and in the prediction.";

const KEYS =
  "← → one layer, space plays, ↑ ↓ in the text one word, shift and arrows or dragging turn both spheres. The address keeps the moment: send it to show what you see.";

const BIBTEX = `@software{tokensphere,
  title = {tokensphere}, author = {{the tokensphere contributors}}, version = {VERSION}
}
@article{rigollet2025,
  title = {The mean-field dynamics of transformers}, author = {Rigollet, Philippe}, journal = {arXiv:2512.01868}, year = {2025}
}
@article{geshkovski2023,
  title = {A mathematical perspective on transformers},
  author = {Geshkovski, Borjan and Letrouit, Cyril and Polyanskiy, Yury and Rigollet, Philippe}, journal = {arXiv:2312.10794}, year = {2023}
}`;

/** The opening with its short form before it: the script shows that and folds the whole; without script the whole is there as ever. */
export function folded(whole: string, short: string | null): string {
  if (short === null) return whole;
  return `<p class="verdict x-brief" hidden>${prose(short)}</p>
<details class="x-whole" open><summary hidden>The conclusion in full</summary>
${whole}</details>
`;
}

/** The explorer, hidden until its script shows it: without script the page is the report. */
export function explorerSection({ data, manifest, again = runAgain(manifest), names = NAMES }: ExplorerInput): string {
  const [first] = data.texts;
  if (!first) return "";
  const alone = data.texts.every(({ series }) => series.length === 1) ? " x-alone" : "";
  return `<section class="explorer${alone}" id="explorer" aria-labelledby="explorer-title" hidden>
<h2 id="explorer-title">Which tokens cluster</h2>
${bar(data)}
<p class="x-moment"></p>
<div class="x-grid">
<figure><figcaption></figcaption><canvas class="x-sphere" data-view="network" tabindex="0" role="img" aria-label="network"></canvas></figure>
<figure class="x-fitted"><figcaption></figcaption><canvas class="x-sphere" data-view="prediction" tabindex="0" role="img" aria-label="prediction"></canvas></figure>
<div class="x-words"><div class="x-text" role="listbox" aria-label="tokens of the text, tinted by cluster" tabindex="0"></div>
<p class="x-near" aria-live="polite" data-hint="${escapeHtml(HINT)}"></p></div>
</div>
<p class="x-note"></p>
<p class="x-hint">${escapeHtml(KEYS)} A sphere shows three directions of many: those that keep most of all layers. Tokens of which they keep little are pale; cosines and clusters are those of all directions.</p>
${maps("depth", "All inner products, layer by layer", "Colour: share of the pairs with this inner product; line: their mean. A click goes to the layer.", names)}
${maps("gram", "Inner products of this layer", "Tokens in the order of the network’s clusters, which the strips show; orange below 0.", names)}
${copied("run-again", "Run again", again)}
${copied("cite", "Cite", BIBTEX.replace("VERSION", versionOf(manifest)))}
</section>
`;
}

/** The numbers and the script; what closes an element or opens one is not in the numbers. */
export function explorerScripts({ data, script }: ExplorerInput): string {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return `<script type="application/json" id="explorer-data">${json}</script>
<script type="module">${script.text}</script>
`;
}

function bar({ texts, layers }: ExplorerData): string {
  const families = texts[0]?.series.slice(1) ?? [];
  const options = (all: readonly (readonly [value: unknown, label: string])[]) =>
    all.map(([value, label]) => `<option value="${escapeHtml(value)}">${escapeHtml(label)}</option>`).join("");
  const names = options(texts.map(({ text, name }) => [text, name ?? `text ${text}`]));
  const series = options(families.map(({ name, label }) => [name, label]));
  const hidden = (when: boolean) => (when ? " hidden" : "");
  return `<div class="x-bar">
<label${hidden(texts.length < 2)}>text <select name="text">${names}</select></label>
<button type="button" class="x-play" name="play">▶ play</button>
<label class="x-layer">layer <input type="range" name="layer" min="0" max="${layers.length - 1}" step="1" value="0"><output name="layer-name"></output></label>
</div>
<div class="x-bar">
<label>join at cosine ≥ <input type="range" name="join" min="0.3" max="0.99" step="0.01" value="0.8"><output name="join-name"></output></label>
<label class="x-fitted">beside <select name="family">${series}</select></label>
<label class="x-fitted">show <select name="view"><option value="both">side by side</option><option value="difference">lines to the other</option></select></label>
<label><input type="checkbox" name="lengths"> inside the ball, as long as seen</label>
</div>`;
}

/** Network, prediction and their difference side by side. */
function maps(kind: string, title: string, how: string, names: readonly [string, string, string]): string {
  const one = (label: string, fitted: boolean) =>
    `<figure${fitted ? ' class="x-fitted"' : ""}><figcaption>${escapeHtml(label)}</figcaption><canvas class="x-${kind}" role="img" aria-label="${title}: ${escapeHtml(label)}"></canvas></figure>`;
  const figures = names.map((name, k) => one(name, k > 0)).join("\n");
  return `<h3>${title}</h3>
<p class="x-hint">${how}</p>
<div class="x-maps">${figures}</div>`;
}

function copied(id: string, title: string, text: string): string {
  return `<h3>${title}</h3>
<div class="x-line"><pre id="explorer-${id}">${escapeHtml(text)}</pre><button type="button" data-copy="explorer-${id}">copy</button></div>
`;
}

function versionOf({ versions }: Readonly<Record<string, unknown>>): string {
  const version = (versions as { readonly tokensphere?: unknown } | undefined)?.tokensphere;
  return typeof version === "string" ? version : "";
}
