import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import ts from "typescript";
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from "vitest";
import type { MidStates } from "../../models/stream/hidden-states.ts";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { sideBySide } from "../../src/collection/side-by-side.ts";
import { sideBySidePage } from "../../src/collection/side-by-side-page.ts";
import { renderSvg } from "../../src/draw/render.ts";
import { besideRuns } from "../../src/explorer/beside-runs.ts";
import type { ExplorerData } from "../../src/explorer/page/data-shape.ts";
import { pageScript } from "../../src/explorer/page-script.ts";
import { runFigures } from "../../src/figures/run-figures.ts";
import { observeText } from "../../src/fit/observe.ts";
import { reportHtml } from "../../src/report/report.ts";
import type { ReportFigure } from "../../src/report/report-input.ts";
import type { Manifest } from "../../src/run/manifest.ts";
import { smallRun } from "../figures/small-run.ts";
import { SKIPS } from "../skips.ts";
import { openBrowser, picture, type SeeingBrowser, seriousFindings, settled } from "./browser.ts";
import { seenExplorer, seenStates, smallFit } from "./seen-run.ts";

const PAGE = resolve(import.meta.dirname, "../../src/explorer/page");

/** The script as a build makes it. */
const script = pageScript((name) => {
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  return ts.transpileModule(readFileSync(join(PAGE, `${name}.ts`), "utf8"), { compilerOptions }).outputText;
});

const NASTY = ["▁</script><script>document.title='x'</script>", '▁"quoted"', "▁<img src=x onerror=alert(1)>", "▁&amp;"];
const TOKENS = [...NASTY, ...Array.from({ length: 20 }, (_, i) => `▁w${i}`)];
/** With half-steps between all layers. */
const STATES = {
  ...seenStates({ n: 24, layers: 5, tokens: TOKENS }),
  residMid: seenStates({ n: 24, layers: 4, seed: 3 }).layers as readonly MidStates[],
};

let data: ExplorerData;
beforeAll(async () => {
  const explorer = seenExplorer([STATES], 2);
  await explorer.predict(smallFit(5));
  data = explorer.data()!;
});

function html(explorer: ExplorerData, fitted = true, figures: readonly ReportFigure[] = []): string {
  const { fit, ...run } = smallRun();
  const manifest = { command: "compare", arguments: { text: ["</pre><b>"] } };
  return reportHtml({ ...run, fit: fitted ? fit : null, title: "explorer", manifest, figures, explorer, script });
}

describe("the page of a report", () => {
  it("has no import and no export left in its script, and names it by its hash", () => {
    expect(script!.text).not.toMatch(/^(import|export)\b|<\/script/m);
    expect(html(data)).toContain(`script-src '${script!.hash}'`);
  });

  it("is the report alone where nothing can be explored", () => {
    const { fit, ...run } = smallRun();
    const plain = reportHtml({ ...run, fit, title: "explorer", manifest: {}, figures: [], script });
    expect(plain).not.toMatch(/<script|script-src|class="explorer/);
  });

  it("lets no word close the element that holds the numbers", () => {
    expect(html(data).match(/<script/g)).toHaveLength(2);
    expect(html(data).match(/<\/script/g)).toHaveLength(2);
  });
});

/** Two runs of the same text, of which the second knows no fit, on the page that puts them side by side. */
function comparison(): string {
  const { fit, ...measured } = smallRun();
  const deeper = seenExplorer([seenStates({ n: 24, layers: 7, tokens: TOKENS, seed: 2 })]).data()!;
  const manifest = { created: "", command: "compare", arguments: {} } as unknown as Manifest;
  const runs = [
    { folder: "/runs/one", manifest, data: { ...measured, fit } },
    {
      folder: "/runs/two",
      manifest: { ...manifest, name: "two <b>" },
      data: { ...smallRun({ layers: 6 }), fit: null },
    },
  ];
  const all = sideBySide(runs);
  const explorer = besideRuns([
    { name: all.runs[0].name, data },
    { name: all.runs[1].name, data: deeper },
  ]);
  return sideBySidePage({ all, folder: "/runs/beside", explorer, script, again: "again", version: "1" });
}

describe.skipIf(SKIPS.chromium.skipped)("the explorer in Chromium (skipped where it is not installed)", () => {
  let browser: SeeingBrowser;
  /** The page of a fit, for all tests that begin at some moment of it. */
  let fitted: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    fitted = await browser.open(html(data));
  });
  afterAll(() => browser.close());
  afterEach(() => {
    expect(browser.heard()).toEqual([]); // Neither errors nor violations of the content-security policy.
    expect(browser.asked.filter((url) => !url.startsWith("file:"))).toEqual([]);
  });

  const NETWORK = "[data-view=network]";
  const PREDICTION = "[data-view=prediction]";
  const near = (page: Page) => page.locator("[aria-live]").innerText();
  const goTo = async (hash: string): Promise<Page> => {
    await fitted.mouse.move(0, 0);
    await fitted.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await settled(fitted);
    return fitted;
  };
  const layer = (page: Page) => page.locator("input[type=range][name=layer]");

  test("goes to a layer and says the six nearest of a word with their cosines", async () => {
    const page = fitted;
    expect(await layer(page).inputValue()).toBe("4"); // It opens at the last one: at the first no prediction differs.
    const before = await picture(page, NETWORK);
    await page.waitForTimeout(150);
    expect(await picture(page, NETWORK)).toBe(before); // Nothing moves before play.
    await layer(page).fill("3");
    await page.locator('[data-token="7"]').hover();
    await settled(page);
    expect(await picture(page, NETWORK)).not.toBe(before);
    const cloud = observeText(STATES, 0, [3], defaultPolicy).clouds[0];
    const pairs = innerProducts(cloud, true);
    const product = (i: number, j: number) =>
      pairs[(Math.min(i, j) * (2 * 24 - Math.min(i, j) - 1)) / 2 + Math.abs(i - j) - 1];
    const expected = Array.from({ length: 24 }, (_, j) => j)
      .filter((j) => j !== 7)
      .map((j) => product(7, j))
      .sort((a, b) => b - a)
      .slice(0, 6);
    const [, network, sa] = (await near(page)).split("\n");
    const cosines = (line: string) =>
      [...line.matchAll(/ (−?\d\.\d\d)(?=,|$)/g)].map(([, value]) => Number(value.replace("−", "-")));
    expect(network).toMatch(/^network: /);
    expect(sa).toMatch(/^SA: /);
    expect(cosines(network)).toHaveLength(6);
    expect(cosines(sa)).toHaveLength(6);
    // Two decimals are shown, of integers of 1/32767.
    for (const [k, cosine] of cosines(network).entries()) expect(Math.abs(cosine - expected[k])).toBeLessThan(0.0051);
  });

  test("rests at half-steps where they were measured, the prediction after the layer before", async () => {
    const page = await goTo("#layer=2&token=9");
    const before = [await picture(page, NETWORK), await picture(page, PREDICTION)];
    await layer(page).focus();
    await page.keyboard.press("ArrowRight");
    await settled(page);
    expect(await page.locator("[name=layer-name]").innerText()).toBe("layer 2½");
    expect(await layer(page).getAttribute("aria-valuetext")).toBe("layer 2½");
    expect(await picture(page, NETWORK)).not.toBe(before[0]);
    expect(await picture(page, PREDICTION)).toBe(before[1]);
    expect(await near(page)).toMatch(
      /between layers 2 and 3, after attention[\s\S]*\nnetwork: [\s\S]*\nSA after layer 2: /,
    );
    expect(await page.locator("figcaption", { hasText: "after layer 2" }).count()).toBe(3);
    await expect.poll(() => page.url()).toMatch(/#layer=2\.5&token=9/);
    await goTo("#layer=3.4");
    expect(await layer(page).inputValue()).toBe("3.5");
  });

  test("shows words as they are, never as markup, and runs no script but its own", async () => {
    const page = await goTo("#layer=1&token=0");
    const words = await page.locator("[data-token]").allTextContents();
    expect(words.slice(0, 4)).toEqual(NASTY.map((token) => token.replace("▁", " ")));
    expect(await page.locator("[role=listbox] img, [role=listbox] script").count()).toBe(0);
    expect(await near(page)).toContain("</script>");
    expect(browser.heard()).toEqual([]);
    const planted =
      "document.body.append(Object.assign(document.createElement('script'), { text: 'document.title = 1' }))";
    await page.evaluate(planted);
    expect(await page.title()).toBe("explorer");
    expect(browser.heard()).toEqual([expect.stringContaining("Content Security Policy")]); // And would be heard.
  });

  test("opens at the moment of its address and keeps the next one there", async () => {
    const page = await browser.open(html(data), "#layer=4&token=9&family=averaging");
    expect(await page.locator("select[name=family]").inputValue()).toBe("averaging");
    const values = "[...document.querySelectorAll('select[name=family] option')].map((one) => one.value)";
    expect(await page.evaluate(values)).toEqual(["sa", "averaging"]);
    expect(await near(page)).toMatch(/“w5”, token 9, after layer 4[\s\S]*averaging: /);
    const averaging = await picture(page, PREDICTION);
    const network = await picture(page, NETWORK);
    await page.locator("select[name=family]").selectOption("sa");
    await settled(page);
    expect(await picture(page, PREDICTION)).not.toBe(averaging);
    expect(await picture(page, NETWORK)).toBe(network);
    expect(await near(page)).toMatch(/\nSA: /);
    await page.locator("[role=listbox]").focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowDown");
    await settled(page);
    await expect.poll(() => page.url()).toMatch(/#layer=3&token=10&family=sa$/);
    await page.close();
  });

  test("answers keys alone: spheres turn together, words are gone through, space plays, and all controls are reached", async () => {
    const page = await goTo("#layer=0&token=3");
    await page.locator(NETWORK).focus();
    const before = [await picture(page, NETWORK), await picture(page, PREDICTION)];
    await page.keyboard.press("Shift+ArrowRight");
    await settled(page);
    for (const [k, view] of [NETWORK, PREDICTION].entries()) expect(await picture(page, view)).not.toBe(before[k]);
    await page.keyboard.press("ArrowRight");
    await settled(page);
    expect(await layer(page).inputValue()).toBe("1");
    expect(await page.locator(NETWORK).getAttribute("aria-label")).toMatch(/^network: mean cosine .*, after layer 1$/);
    await page.keyboard.press("Escape");
    await settled(page);
    expect(await near(page)).toMatch(/^Point at a word/);
    await page.keyboard.press(" ");
    await expect.poll(() => layer(page).inputValue().then(Number), { timeout: 20_000 }).toBeGreaterThan(1);
    await page.keyboard.press(" ");
    await expect.poll(() => page.locator("[name=play]").innerText()).toContain("play");
    const names = new Set<string>();
    await page.locator("[name=play]").focus();
    for (let k = 0; k < 9; k++) {
      names.add(
        await page.evaluate(
          "document.activeElement.name || document.activeElement.dataset.view || document.activeElement.role",
        ),
      );
      await page.keyboard.press("Tab");
    }
    expect([...names]).toEqual(
      expect.arrayContaining(["play", "layer", "join", "family", "view", "lengths", "network", "listbox"]),
    );
  });

  test("rings a token on both spheres from a point, a row of a matrix and a layer of the depth", async () => {
    const page = await goTo("#layer=2");
    const bare = [await picture(page, NETWORK), await picture(page, PREDICTION)];
    await page
      .locator(".x-gram")
      .first()
      .hover({ position: { x: 60, y: 90 } });
    await settled(page);
    for (const [k, view] of [NETWORK, PREDICTION].entries()) expect(await picture(page, view)).not.toBe(bare[k]);
    expect(await near(page)).toMatch(/after layer 2\. Nearest[^\n]*\nnetwork: [\s\S]*\nSA: /);
    await page
      .locator(".x-depth")
      .first()
      .click({ position: { x: 80, y: 2 } });
    await settled(page);
    expect(await layer(page).inputValue()).toBe("0");
    const tinted = () => page.locator("[data-token][style*=background]").count();
    const few = await tinted();
    await page.locator("[name=join]").fill("0.3");
    await settled(page);
    expect(await tinted()).toBeGreaterThan(few);
  });

  test("draws everything where the slider rests, however fast it went there", async () => {
    const all = async (page: Page) =>
      Promise.all([NETWORK, PREDICTION, ".x-depth", ".x-gram"].map((canvas) => picture(page, canvas)));
    const page = await goTo("#layer=2&token=5");
    const direct = await all(page);
    await goTo("#layer=0&token=5");
    expect((await all(page)).filter((drawn, k) => drawn === direct[k])).toEqual([]);
    await page.evaluate(`new Promise((done) => {
      const range = document.querySelector("[name=layer]");
      const places = [1, 3, 4, 3.5, 2.5, 2];
      const step = () => {
        if (places.length === 0) return done(0);
        range.value = String(places.shift());
        range.dispatchEvent(new Event("input"));
        requestAnimationFrame(step);
      };
      step();
    })`);
    await settled(page);
    expect(await all(page)).toEqual(direct);
  });

  test("is printed in the colours and the width of paper from a dark screen, and is dark again after", async () => {
    const page = await goTo("#layer=2&token=5");
    /** Share of pixels that are nearer to black than to white, of what the canvas is filled with: no paper is printed dark. */
    const dark = (canvas: string, event = "") =>
      page.evaluate(`(() => {
        if (${JSON.stringify(event)}) dispatchEvent(new Event(${JSON.stringify(event)}));
        const canvas = document.querySelector(${JSON.stringify(canvas)});
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        const filled = Array.from({ length: data.length / 4 }, (_, k) => 4 * k).filter((k) => data[k + 3] === 255);
        return filled.filter((k) => data[k] + data[k + 1] + data[k + 2] < 384).length / filled.length;
      })()`);
    const difference = ".x-maps figure:nth-child(3) .x-depth";
    await page.emulateMedia({ colorScheme: "dark" });
    await settled(page);
    // Maps follow when the page is idle.
    await expect.poll(() => dark(difference)).toBeGreaterThan(0.5);
    const before = await picture(page, difference);
    // Before the printer looks, which is at once.
    expect(await dark(difference, "beforeprint")).toBeLessThan(0.1);
    expect(await page.evaluate("document.querySelector('.x-sphere').width")).toBeGreaterThan(900); // 90 mm at 300 an inch.
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(await page.locator(".x-moment").textContent()).toBe("Layer 2; tokens joined at cosine ≥ 0.80.");
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    await settled(page);
    await expect.poll(() => picture(page, difference)).toBe(before);
    await page.emulateMedia({ media: "print" });
    await settled(page);
    await expect.poll(() => dark(difference)).toBeLessThan(0.1);
    await page.emulateMedia({ media: null, colorScheme: "light" });
    await settled(page);
  });

  test("plays to the end and stops there, in whole layers where less motion is asked for", async () => {
    const page = await browser.open(html(data), "#layer=3", { reducedMotion: "reduce" });
    await page.locator("button[name=play]").click();
    await expect.poll(() => layer(page).inputValue(), { timeout: 20_000 }).toBe("4");
    await expect.poll(() => page.locator("[name=play]").innerText()).toContain("play");
    await page.close();
  });

  test("scrolls in one direction only, wide or narrow, with a fit or without, with words or without", async () => {
    const bare = seenExplorer([seenStates({ n: 5, layers: 1, tokens: null })]).data()!;
    for (const page of [await goTo("#token=2"), await browser.open(html(bare, false), "#token=2")]) {
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 800 });
        await settled(page);
        expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      }
      expect(await near(page)).toMatch(/network: /);
    }
    expect(await fitted.locator("[name=layer]").getAttribute("step")).toBe("0.5");
    await fitted.setViewportSize({ width: 1280, height: 720 });
  });

  test("shows runs side by side: each network, and how it differs from the first; axe-core finds nothing serious on a dark phone", {
    timeout: 90_000,
  }, async () => {
    const page = await browser.open(comparison(), "#layer=2&token=9");
    const values = "[...document.querySelectorAll('select[name=family] option')].map((one) => [one.value, one.label])";
    expect(await page.evaluate(values)).toEqual([
      ["1/network", "two <b>"],
      ["sa", "SA of one"],
      ["averaging", expect.stringMatching(/of one$/)],
    ]);
    expect(await near(page)).toMatch(/\none: [\s\S]*\ntwo <b>: /);
    expect(await page.locator("main").innerText()).toMatch(/mean cosine, difference from one/i);
    expect(await page.locator("figcaption", { hasText: "beside it less one" }).count()).toBe(2);
    const difference = () => page.evaluate("document.querySelectorAll('.x-gram')[2].toDataURL()");
    const [shown, less] = [await picture(page, PREDICTION), await difference()];
    await page.locator("select[name=family]").selectOption("sa");
    await settled(page);
    expect(await picture(page, PREDICTION)).not.toBe(shown);
    expect(await difference()).not.toBe(less);
    await layer(page).fill("6"); // Of the deeper run alone.
    await page.locator("select[name=family]").selectOption("1/network");
    await settled(page);
    expect(await near(page)).toMatch(/\none: no such layer\ntwo <b>: .*0\.\d\d/);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 800 });
    await settled(page);
    expect(await seriousFindings(page)).toEqual([]);
    await page.close();
  });

  // A minute and a half: axe-core looks at every element several times, and so is what a busy machine slows down most.
  test("passes axe-core without a serious finding on a desk", { timeout: 90_000 }, async () => {
    const drawn = runFigures(smallRun()).slice(0, 1);
    const figures = await Promise.all(drawn.map(async (one) => ({ ...one, svg: await renderSvg(one.spec) })));
    const page = await browser.open(html(data, true, figures), "#layer=2&token=4");
    expect(await seriousFindings(page)).toEqual([]);
    const range = "document.querySelector('[name=layer]')";
    await page.evaluate(`${range}.closest("label").replaceWith(${range})`);
    const findings = await seriousFindings(page, ".x-bar");
    expect(findings).toEqual([expect.stringMatching(/^label: <input type="range" name="layer"/)]);
  });
});
