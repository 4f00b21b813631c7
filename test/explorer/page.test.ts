import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import type { ExplorerData } from "../../src/explorer/page/data-shape.ts";
import { pageScript } from "../../src/explorer/page-script.ts";
import { observeText } from "../../src/fit/observe.ts";
import { reportHtml } from "../../src/report/report.ts";
import { smallRun } from "../figures/small-run.ts";
import { CHROMIUM, SKIPS } from "../skips.ts";
import { seenExplorer, seenStates, smallFit } from "./seen-run.ts";

const PAGE = resolve(import.meta.dirname, "../../src/explorer/page");

/** The script as a build makes it. */
const script = pageScript((name) => {
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  return ts.transpileModule(readFileSync(join(PAGE, `${name}.ts`), "utf8"), { compilerOptions }).outputText;
});

const NASTY = ["▁</script><script>document.title='x'</script>", '▁"quoted"', "▁<img src=x onerror=alert(1)>", "▁&amp;"];
const STATES = seenStates({ n: 24, layers: 5, tokens: [...NASTY, ...Array.from({ length: 20 }, (_, i) => `▁w${i}`)] });

let data: ExplorerData;
beforeAll(async () => {
  const explorer = seenExplorer([STATES], 2);
  await explorer.predict(smallFit(5));
  data = explorer.data()!;
});

function html(explorer: ExplorerData, fitted = true): string {
  const { fit, ...run } = smallRun();
  const manifest = { command: "compare", arguments: { text: ["</pre><b>"] } };
  return reportHtml({ ...run, fit: fitted ? fit : null, title: "explorer", manifest, figures: [], explorer, script });
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

describe.skipIf(SKIPS.chromium.skipped)("the explorer in Chromium (skipped where it is not installed)", () => {
  let browser: Browser;
  let folder: string;
  const asked: string[] = [];
  const failed: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tokensphere-page-"));
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(page: string, hash = "", options = {}): Promise<Page> {
    const path = join(folder, "report.html");
    writeFileSync(path, page);
    const opened = await browser.newPage({ offline: true, ...options });
    opened.on("request", (request) => asked.push(request.url()));
    opened.on("console", (message) => failed.push(message.text()));
    opened.on("pageerror", (error) => failed.push(error.message));
    await opened.goto(`${pathToFileURL(path)}${hash}`);
    await settled(opened);
    return opened;
  }

  /** What is asked to be drawn is drawn in the next frame. */
  const settled = (page: Page) =>
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");
  const picture = (page: Page, view: string) =>
    page.evaluate(`document.querySelector("[data-view=${view}]").toDataURL()`) as Promise<string>;
  const near = (page: Page) => page.locator("[aria-live]").innerText();

  test("goes to a layer, says the six nearest of a word with their cosines, and asks no network for anything", async () => {
    const page = await open(html(data));
    const before = await picture(page, "network");
    await page.waitForTimeout(150);
    expect(await picture(page, "network")).toBe(before); // Nothing moves before play.
    await page.locator("input[type=range][name=layer]").fill("3");
    await page.locator('[data-token="7"]').hover();
    await settled(page);
    expect(await picture(page, "network")).not.toBe(before);
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
    expect(asked.filter((url) => !url.startsWith("file:"))).toEqual([]);
    expect(failed).toEqual([]);
    await page.close();
  });

  test("shows words as they are, never as markup", async () => {
    const page = await open(html(data), "#layer=1&token=0");
    const words = await page.locator("[data-token]").allTextContents();
    expect(words.slice(0, 4)).toEqual(NASTY.map((token) => token.replace("▁", " ")));
    expect(await page.title()).toBe("explorer");
    expect(await page.locator("[role=listbox] img, [role=listbox] script").count()).toBe(0);
    expect(await near(page)).toContain("</script>");
    await page.close();
  });

  test("opens at the moment of its address and keeps the next one there", async () => {
    const page = await open(html(data), "#layer=4&token=9&family=averaging");
    expect(await page.locator("select[name=family]").inputValue()).toBe("averaging");
    const values = "[...document.querySelectorAll('select[name=family] option')].map((one) => one.value)";
    expect(await page.evaluate(values)).toEqual(["sa", "averaging"]);
    expect(await near(page)).toMatch(/“w5”, token 9, after layer 4[\s\S]*averaging: /);
    const averaging = await picture(page, "prediction");
    await page.locator("select[name=family]").selectOption("sa");
    await settled(page);
    expect(await picture(page, "prediction")).not.toBe(averaging);
    await page.locator("[role=listbox]").focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowDown");
    await settled(page);
    await expect.poll(() => page.url()).toMatch(/#layer=3&token=10&family=sa$/);
    await page.close();
  });

  test("plays to the end and stops there, in whole layers where less motion is asked for", async () => {
    const page = await open(html(data), "#layer=3", { reducedMotion: "reduce" });
    await page.locator("button[name=play]").click();
    await expect.poll(() => page.locator("[name=layer]").inputValue(), { timeout: 20_000 }).toBe("4");
    await expect.poll(() => page.locator("[name=play]").innerText()).toContain("play");
    await page.close();
  });

  test("scrolls in one direction only, wide or narrow, with a fit or without, with words or without", async () => {
    const bare = seenExplorer([seenStates({ n: 5, layers: 1, tokens: null })]).data()!;
    for (const one of [html(data), html(bare, false)]) {
      const page = await open(one, "#token=2");
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 800 });
        await settled(page);
        expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      }
      expect(await near(page)).toMatch(/network: /);
      await page.close();
    }
    expect(failed).toEqual([]);
  });
});
