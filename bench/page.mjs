// The page of a run in Chromium: its size, how soon it opens, and what a frame costs while the slider moves and while the spheres turn.
//
//     node bench/page.mjs [RUN]        a run folder with explorer.json; default: 512 made-up tokens, 13 layers with half-steps, two predictions
//
// Costs are processor time of the page's main thread, which other programs on the machine change little; frames a second are of the clock.
// Chromium draws in software here: with a graphics card raster costs less. After `npm run build`.
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { randomSource } from "../dist/models/random.js";
import { defaultPolicy } from "../dist/probes/policy/policy.js";
import { openExplorer } from "../dist/src/explorer/explorer.js";
import { pageScript } from "../dist/src/explorer/page-script.js";
import { movingFamilies } from "../dist/src/laws/families.js";
import { reportHtml } from "../dist/src/report/report.js";
import { readRun } from "../dist/src/run/read-run.js";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const [N, D, LAYERS, FRAMES] = [512, 64, 13, 60];

/** What is done in each frame, in the page. */
const ACTS = {
  "slider, layer by layer": `(k) => { const range = document.querySelector("[name=layer]"); range.value = String(k % (Number(range.max) + 1)); range.dispatchEvent(new Event("input")); }`,
  "spheres turn": `() => document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", shiftKey: true }))`,
  "spheres turn, a token chosen": `(k) => { if (k === 0) document.querySelector('[data-token="7"]').click(); document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", shiftKey: true })); }`,
  "pointer over the text": `(k) => document.querySelector('[data-token="' + (k % 100) + '"]').dispatchEvent(new PointerEvent("pointerover", { bubbles: true }))`,
  threshold: `(k) => { const range = document.querySelector("[name=join]"); range.value = String(0.3 + 0.005 * k); range.dispatchEvent(new Event("input")); }`,
};

/** In the page: does one thing a frame and returns how many seconds all took. */
const frames = `(act, count) => new Promise((done) => {
  const start = performance.now();
  let k = 0;
  const step = () => {
    if (k === count) return done((performance.now() - start) / 1000);
    act(k++);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

const [run] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "tokensphere-bench-page-"));
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
try {
  const stored = run === undefined ? null : readRun(run).data;
  const explorer = stored?.explorer ?? (await madeUp());
  const path = join(folder, "report.html");
  writeFileSync(path, pageOf(explorer));
  const whole = run === undefined ? path : join(run, "report.html");
  const [text] = explorer.texts;
  console.log(`${text.shown} tokens, ${explorer.layers.length} layers, ${text.series.length} series`);
  console.log(`size: ${(statSync(whole).size / 1e6).toFixed(2)} MB${run === undefined ? " without figures" : ""}`);
  await measure(pathToFileURL(path).href);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Tokens that draw towards eight centres. */
async function madeUp() {
  const random = randomSource(1);
  const draw = () => Float64Array.from({ length: D }, () => random() - 0.5);
  const centres = Array.from({ length: 8 }, draw);
  const starts = Array.from({ length: N }, draw);
  const at = (part) =>
    Float32Array.from({ length: N * D }, (_, p) => {
      const [i, k] = [Math.floor(p / D), p % D];
      return (1 - part) * starts[i][k] + part * centres[i % 8][k];
    });
  const states = {
    ...{ batch: 1, n: N, d: D, mask: new Uint8Array(N).fill(1), special: new Uint8Array(N) },
    layers: Array.from({ length: LAYERS }, (_, layer) => ({ layer, x: at(layer / LAYERS) })),
    residMid: Array.from({ length: LAYERS - 1 }, (_, layer) => ({ layer, x: at((layer + 0.5) / LAYERS) })),
    tokens: [Array.from({ length: N }, (_, i) => `▁word${i}`)],
  };
  const explorer = openExplorer(2);
  explorer.see(states, defaultPolicy, "made up");
  const values = Array.from({ length: LAYERS }, (_, k) => k / 8);
  /** Of a fit what the page reads. @returns {any} */
  const fitted = (/** @type {string} */ name, /** @type {number} */ beta) => ({
    name,
    beta,
    time: { map: "linear", values },
  });
  const fit = { families: [fitted("sa", 2)], averaging: fitted("averaging", 0) };
  await explorer.predict({ families: movingFamilies(["sa"]), fit, startLayer: 0 });
  const data = explorer.data();
  if (data === null) throw new Error("nothing to explore");
  return data;
}

/** The page without figures, which stand still. */
function pageOf(explorer) {
  const none = { metrics: [], fit: null, figures: [], manifest: {} };
  /** @type {any} */
  const histograms = { format: "tokensphere/histograms", version: 1, edges: [], texts: [] };
  return reportHtml({ ...none, histograms, title: "frames", explorer, script: pageScript() });
}

/** Says what the page at an address costs. */
async function measure(address) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, offline: true });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const of = (name) => metrics.find((one) => one.name === name)?.value ?? 0;
    return {
      script: of("ScriptDuration"),
      layout: of("LayoutDuration") + of("RecalcStyleDuration"),
      all: of("TaskDuration"),
    };
  };
  const start = performance.now();
  await page.goto(address);
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");
  const { all, script } = await spent();
  console.log(
    `opens: ${Math.round(performance.now() - start)} ms by the clock, ${ms(all)} on the main thread, ${ms(script)} of them script`,
  );
  for (const [name, act] of Object.entries(ACTS)) {
    await page.evaluate("document.querySelector('[data-view=network]').focus()");
    const before = await spent();
    const seconds = await page.evaluate(`(${frames})(${act}, ${FRAMES})`);
    const after = await spent();
    const each = (part) => ms((after[part] - before[part]) / FRAMES);
    console.log(
      `${name}: ${each("script")} script, ${each("layout")} style and layout, ${each("all")} in all a frame; ${(FRAMES / Number(seconds)).toFixed(0)} frames a second`,
    );
  }
}

/** A time in words. */
function ms(seconds) {
  return `${(1000 * seconds).toFixed(1)} ms`;
}
