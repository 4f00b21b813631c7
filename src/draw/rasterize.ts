import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";
import { startChild } from "../processes/start-child.ts";

/** To the process that rasterizes. */
export interface PngTask {
  readonly id: number;
  readonly svg: string;
}

/** From it. */
export type PngAnswer =
  | { readonly id: number; readonly png: Uint8Array }
  | { readonly id: number; readonly failure: string };

/** A picture, or why there is none. */
export type Rasterized = { readonly png: Uint8Array } | { readonly failure: string };

const CHILD = fileURLToPath(new URL("./png-child.js", import.meta.url));

/**
 * An SVG as a PNG. In a process of its own: there are pictures at which the rasterizer, code of another language, ends the process
 * that it is in.
 */
export async function rasterize(svg: string): Promise<Rasterized> {
  if (import.meta.url.endsWith(".js")) return oneTask(() => askChild(svg));
  // Run from its TypeScript sources, as tests are, the project has no file that a new process could run.
  const { renderPng } = await import("./render-png.ts");
  return { png: renderPng(svg) };
}

interface Rasterizer {
  readonly child: ChildProcess;
  readonly waiting: Map<number, (result: Rasterized) => void>;
}

/** A picture that ends the process takes no other with it. */
const oneTask = pLimit(1);

/** One process for all pictures, from the first on; it keeps nobody waiting for it. */
let rasterizer: Rasterizer | null = null;
let asked = 0;

function askChild(svg: string): Promise<Rasterized> {
  rasterizer ??= startRasterizer();
  const { child, waiting } = rasterizer;
  const id = asked++;
  child.ref();
  child.channel?.ref();
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    const task: PngTask = { id, svg };
    // One that is gone is heard of by its exit.
    child.send(task, () => {});
  });
}

function startRasterizer(): Rasterizer {
  const child = startChild(CHILD, "ignore");
  const started: Rasterizer = { child, waiting: new Map() };
  const { waiting } = started;
  const end = (id: number, result: Rasterized) => {
    waiting.get(id)?.(result);
    waiting.delete(id);
    if (waiting.size > 0) return;
    child.unref();
    child.channel?.unref();
  };
  const lost = (how: string) => {
    if (rasterizer === started) rasterizer = null;
    for (const id of waiting.keys()) end(id, { failure: `the rasterizer ended (${how})` });
  };
  child.on("message", ({ id, ...result }: PngAnswer) => end(id, result));
  child.once("exit", (code, killed) => lost(killed ?? `exit code ${code}`));
  child.once("error", (error) => lost(error.message));
  return started;
}
