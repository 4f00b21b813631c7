import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import { type HashedFile, hashFile } from "../../models/hash-file.ts";
import { readHiddenStates } from "../../models/read-hidden-states.ts";
import { fixedEdges } from "../../probes/bin-edges.ts";
import { type PartialPolicy, resolvePolicy } from "../../probes/policy.ts";
import { policyRecord } from "../../probes/policy-record.ts";
import type { Effects } from "../effects.ts";
import { fit } from "../fit/fit.ts";
import type { FitResult } from "../fit/fit-result.ts";
import { fitOptionsOf } from "../fit-options.ts";
import { type CommonOptions, type FitCommandOptions, policyOf } from "../options.ts";
import { histogramsOf, probeBatches } from "../probe-states.ts";
import { RUN_FILES } from "../run-files.ts";
import { fillFolder, requireFree, runFolderName } from "../run-folder.ts";
import { type StageClock, stageClock } from "../stages.ts";
import { familyTable } from "../summary.ts";
import { writeFigures, writeNumbers, writeReport } from "../write-run.ts";

type Options = CommonOptions & FitCommandOptions & PartialPolicy;

/** Fits saved states. Nothing is written without `--out`; with it, a run like that of `compare`. */
export async function fitCommand(effects: Effects, source: string, options: Options): Promise<void> {
  const clock = stageClock(effects);
  const { path, recorded } = locate(effects, source);
  const target = targetFolder(effects, source, options);
  const policy = resolvePolicy({ ...recorded, ...given(options) });
  const states = await clock.run("read", () => readHiddenStates(path));
  const result = await clock.run("fit", () =>
    fit(states, {
      ...fitOptionsOf(options, policy),
      source,
      progress: (fraction, stage) => effects.progress.update(fraction, stage),
    }),
  );
  effects.progress.stop();
  if (target !== null) {
    await fillFolder(effects, target, options.force ?? false, async (folder) => {
      const probed = await probeBatches(states, { policy });
      const data = { metrics: probed.metrics, histograms: histogramsOf(probed.texts, [...fixedEdges()]), fit: result };
      writeNumbers(folder, data);
      const figures = await clock.run("figures", () => writeFigures(folder, data));
      await writeReport(
        effects,
        folder,
        data,
        figures,
        record(await hashFile(path), source, options, policyRecord(policy, probed.specialKnown), clock),
        `${basename(source)}: network and theory`,
      );
    });
  }
  print(effects, result, options, target);
}

/** Where to write, checked before the work begins. The run that is read would lose its states. */
function targetFolder(effects: Effects, source: string, { out, force }: Options): string | null {
  if (out === undefined) return null;
  const target = runFolderName(effects, out, source);
  if (target === resolve(effects.cwd, source)) {
    throw new TokensphereError("usage", `--out: ${out} is the run that is read. give another folder`);
  }
  requireFree(target, force ?? false);
  return target;
}

function record(states: HashedFile, source: string, options: Options, policy: object, clock: StageClock) {
  return {
    command: "fit",
    arguments: { states: source, ...options },
    states,
    seed: options.seed,
    policy: { ...policy },
    stages: clock.costs,
  };
}

function print(effects: Effects, result: FitResult, options: Options, target: string | null): void {
  const paths = target === null ? {} : { paths: { folder: target, report: join(target, RUN_FILES.report) } };
  if (options.json) {
    effects.print(JSON.stringify({ ...result, ...paths }));
    return;
  }
  for (const line of [result.verdict, "", ...familyTable(result)]) effects.print(line);
  if (target !== null) effects.print(`\n${join(target, RUN_FILES.report)}`);
}

/** Only what the user gave, so that a run's own policy holds where nothing is said. */
function given(options: Options): PartialPolicy {
  const entries = Object.entries(policyOf(options));
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The states of a run folder with the policy that it was measured under, or a file of states. */
function locate(effects: Effects, source: string): { readonly path: string; readonly recorded: PartialPolicy } {
  const path = resolve(effects.cwd, source);
  if (!existsSync(path)) {
    throw new TokensphereError("input", `no such run or file: ${source}. give a run folder or a .safetensors file`);
  }
  if (!statSync(path).isDirectory()) return { path, recorded: {} };
  const states = join(path, RUN_FILES.states);
  if (!existsSync(states)) {
    throw new TokensphereError(
      "input",
      `no ${RUN_FILES.states} in ${source}. run probe or compare again with --save-states`,
    );
  }
  return { path: states, recorded: recordedPolicy(join(path, RUN_FILES.manifest)) };
}

function recordedPolicy(manifest: string): PartialPolicy {
  if (!existsSync(manifest)) return {};
  try {
    const { specialTokens, normalize, center } = JSON.parse(readFileSync(manifest, "utf8")).policy ?? {};
    return { specialTokens, normalize, center };
  } catch (error) {
    throw new TokensphereError("input", `${manifest}: no JSON. make the run again`, { cause: error });
  }
}
