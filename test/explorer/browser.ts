import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { CHROMIUM } from "../skips.ts";

/** A browser without network that hears all that goes wrong in its pages. */
export interface SeeingBrowser {
  /** Opens a page from a file, at an address within it, and waits until it is drawn. */
  open(html: string, hash?: string, options?: Parameters<Browser["newPage"]>[0]): Promise<Page>;
  /** What pages asked for, by address. */
  readonly asked: readonly string[];
  /** Messages of the console, errors and violations of the content-security policy since it was last asked. */
  heard(): readonly string[];
  close(): Promise<void>;
}

export async function openBrowser(): Promise<SeeingBrowser> {
  const folder = mkdtempSync(join(tmpdir(), "tokensphere-page-"));
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
  const asked: string[] = [];
  const heard: string[] = [];
  return {
    asked,
    heard: () => heard.splice(0),
    async open(html, hash = "", options = {}) {
      const path = join(folder, "page.html");
      writeFileSync(path, html);
      const page = await browser.newPage({ offline: true, ...options });
      page.on("request", (request) => asked.push(request.url()));
      page.on("console", (message) => heard.push(message.text()));
      page.on("pageerror", (error) => heard.push(error.message));
      await page.goto(`${pathToFileURL(path)}${hash}`);
      await settled(page);
      return page;
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * What is asked to be drawn is drawn in the next frame, and maps when the page is idle after it. A page behind another one draws no
 * frame and is never idle: it waits for ever.
 */
const SETTLED = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
  requestIdleCallback(() => done(0), { timeout: 5000 }))))`;

export async function settled(page: Page): Promise<void> {
  await page.bringToFront();
  await page.evaluate(SETTLED);
}

/** What a canvas shows. */
export function picture(page: Page, selector: string): Promise<string> {
  return page.evaluate(`document.querySelector(${JSON.stringify(selector)}).toDataURL()`);
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Findings of axe-core within an element that keep somebody from using the page, as "rule: element". */
export async function seriousFindings(page: Page, within = "html"): Promise<readonly string[]> {
  if (await page.evaluate("!globalThis.axe")) await page.evaluate(AXE);
  const asked = `axe.run(${JSON.stringify(within)}, { resultTypes: ["violations"], preload: false })`;
  const { violations } = (await page.evaluate(asked)) as AxeResults;
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
}
