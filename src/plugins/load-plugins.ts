import { existsSync } from "node:fs";
import { register } from "node:module";
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type HashedFile, hashFile } from "../../models/arrays/hash-file.ts";
import { TokensphereError } from "../../models/errors.ts";
import { thrownText } from "../../models/foreign/definition-fault.ts";
import { asMeasure } from "../../probes/measures/define-measure.ts";
import type { Measure } from "../../probes/measures/measure.ts";
import { asPairMeasure } from "../../probes/pairs/define-pair-measure.ts";
import type { PairMeasure } from "../../probes/pairs/pair-measure.ts";
import { asDynamics } from "../../sim/dynamics/define-dynamics.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import { RESERVED } from "../laws/families.ts";

/** What plugin files bring, in the order given. */
export interface Plugins {
  readonly dynamics: readonly Dynamics[];
  readonly measures: readonly Measure[];
  readonly pairMeasures: readonly PairMeasure[];
  /** The files, as whole paths: whoever works elsewhere loads them again. */
  readonly files: readonly string[];
  /** The same as they were when they were loaded, for manifests. */
  readonly record: readonly HashedFile[];
}

const NO_PLUGINS: Plugins = { dynamics: [], measures: [], pairMeasures: [], files: [], record: [] };

/** Ends of names that Node runs; TypeScript is told of by itself. */
const SCRIPT = /\.([cm]?js|[cm]?ts)$/;

/** What a plugin's default export may hold. */
const PARTS = ["dynamics", "measures", "pairMeasures"] as const;

/**
 * Loads plugin files: modules whose default export is `{ dynamics: [], measures: [], pairMeasures: [] }`, each part optional, its
 * members plain objects or results of `defineDynamics`, `defineMeasure`, `definePairMeasure`. A plugin is code that runs with the
 * user's rights: it can do all that the user can.
 *
 * @param paths - As the user gave them, from `cwd`.
 * @throws TokensphereError `input`, in one line that names the file, where one is missing, fails, has another shape, or brings a name
 *   that is taken.
 */
export async function loadPlugins(paths: readonly string[], cwd: string): Promise<Plugins> {
  if (paths.length === 0) return NO_PLUGINS;
  resolveOurselves();
  const loaded: Plugins[] = [];
  for (const path of paths) loaded.push(await loadPlugin(path, resolve(cwd, path)));
  const plugins = {
    dynamics: loaded.flatMap(({ dynamics }) => dynamics),
    measures: loaded.flatMap(({ measures }) => measures),
    pairMeasures: loaded.flatMap(({ pairMeasures }) => pairMeasures),
    files: loaded.flatMap(({ files }) => files),
    record: loaded.flatMap(({ record }) => record),
  };
  refuseTaken("dynamics", [...Object.keys(DYNAMICS), ...RESERVED], plugins.dynamics);
  refuseTaken("measure", [], plugins.measures);
  refuseTaken("pair measure", [], plugins.pairMeasures);
  return plugins;
}

/** What a manifest says of the plugins; nothing where there are none. */
export function pluginRecord({ record }: Plugins): { readonly plugins?: readonly HashedFile[] } {
  return record.length === 0 ? {} : { plugins: record };
}

/** @param path - As the user gave it, for messages. */
async function loadPlugin(path: string, file: string): Promise<Plugins> {
  try {
    requireScript(file);
    // What is run is what lies there now; it may be changed before the manifest is written.
    const record = [await hashFile(file)];
    const parts = partsOf((await imported(file)).default);
    const name = basename(file);
    const members = <T>(part: (typeof PARTS)[number], as: (value: unknown, origin: string) => T): T[] =>
      listOf(part, Reflect.get(parts, part)).map((value) => as(value, name));
    return {
      dynamics: members("dynamics", asDynamics),
      measures: members("measures", asMeasure),
      pairMeasures: members("pairMeasures", asPairMeasure),
      files: [file],
      record,
    };
  } catch (error) {
    throw new TokensphereError("input", `plugin ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function requireScript(file: string): void {
  if (!existsSync(file)) throw wrong("no such file. give a .mjs or .js file");
  if (!SCRIPT.test(file)) throw wrong(`${extname(file) || "no ending"}: no script of Node. give a .mjs or .js file`);
  if (extname(file) === ".ts") throw wrong("TypeScript, which Node does not run. build it to .mjs first");
}

/** The module of a file. Where Node has nothing left to do and the module is still not there, it never will be. */
function imported(file: string): Promise<{ readonly default?: unknown }> {
  return new Promise((done, fail) => {
    const idle = () => fail(wrong("its top-level await never ends. settle what it waits for"));
    process.once("beforeExit", idle);
    import(/* @vite-ignore */ pathToFileURL(file).href).then(done, fail).finally(() => process.off("beforeExit", idle));
  });
}

function partsOf(value: unknown): object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const form = `export default { ${PARTS.map((part) => `${part}: []`).join(", ")} }`;
    throw wrong(`its default export is no object. ${form}`);
  }
  const unknown = Object.keys(value).find((key) => !PARTS.some((part) => part === key));
  if (unknown !== undefined) throw wrong(`unknown part ${unknown}. use ${PARTS.join(", ")}`);
  if (Object.keys(value).length === 0) throw wrong(`it brings nothing. use ${PARTS.join(", ")}`);
  return value;
}

function listOf(part: string, value: unknown = []): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(`${part} is no list. write ${part}: [ … ]`);
}

/** Measures that take a name of ours are refused as they are defined. */
function refuseTaken(what: string, ours: readonly string[], theirs: readonly { readonly name: string }[]): void {
  const names = theirs.map(({ name }) => name);
  const taken = names.find((name, k) => ours.includes(name) || names.indexOf(name) !== k);
  if (taken === undefined) return;
  const why = ours.includes(taken) ? "comes with tokensphere" : "is there twice";
  throw new TokensphereError("input", `plugin: ${what} ${taken} ${why}. give it another name`);
}

/** What is wrong with a plugin, which is named where it is caught. */
function wrong(what: string): TokensphereError {
  return new TokensphereError("input", what);
}

/** A fault of ours has its remedy; whatever else a plugin throws is its own. */
function reasonOf(error: unknown): string {
  return error instanceof TokensphereError ? error.message : `${thrownText(error)}. mend the plugin`;
}

let resolving = false;

/** Has Node find `tokensphere` and its parts in this very package. Run from TypeScript, as tests are, there is nothing to point to. */
function resolveOurselves(): void {
  if (resolving || !import.meta.url.endsWith(".js")) return;
  resolving = true;
  const entry = (path: string) => new URL(`../../${path}/index.js`, import.meta.url).href;
  const data = {
    tokensphere: entry("src"),
    "tokensphere/models": entry("models"),
    "tokensphere/probes": entry("probes"),
    "tokensphere/sim": entry("sim"),
  };
  register("./resolve-hook.mjs", import.meta.url, { data });
}
