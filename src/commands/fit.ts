import { basename, join } from "node:path";
import type { PartialPolicy } from "../../probes/policy/policy.ts";
import { policyRecord } from "../../probes/policy/policy-record.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import type { Effects } from "../effects/effects.ts";
import { fit } from "../fit/fit.ts";
import type { FitResult } from "../fit/fit-result.ts";
import { histogramsOf, probeBatches } from "../measure/probe-states.ts";
import { fitOptionsOf } from "../options/fit-options.ts";
import type { CommonOptions, FitCommandOptions } from "../options/options.ts";
import { writeFigures, writeNumbers, writeReport } from "../report/write-run.ts";
import { RUN_FILES } from "../run/run-files.ts";
import { fillFolder, requireFree, runFolderName } from "../run/run-folder.ts";
import { stageClock } from "../run/stage-clock.ts";
import { collectBatches, describeBatch } from "../sources/model-batches.ts";
import { policyFor, refuseOwnRun } from "../sources/open-source.ts";
import { openStoredStates } from "../sources/open-stored-states.ts";
import { refuseUnusable } from "../sources/refuse-unusable.ts";
import { familyTable } from "../terminal/summary.ts";

type Options = CommonOptions & FitCommandOptions & PartialPolicy;

/** Fits saved states. Nothing is written without `--out`; with it, a run like that of `compare`. */
export async function fitCommand(effects: Effects, source: string, options: Options): Promise<void> {
  const clock = stageClock(effects);
  const from = await openStoredStates(effects, source);
  const target = targetFolder(effects, source, options);
  if (target !== null) refuseOwnRun(from, target, options.out);
  if (target !== null) requireFree(target, options.force ?? false);
  const policy = policyFor(from, options);
  const batches = await clock.run("read", () => collectBatches(from.batches()));
  await refuseUnusable(batches, policy);
  const states = batches.map((batch) => batch.states);
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
        {
          command: "fit",
          seed: options.seed,
          ...(await from.record()),
          arguments: { states: source, ...options },
          texts: batches.flatMap(describeBatch),
          policy: { ...policyRecord(policy, probed.specialKnown) },
          stages: clock.costs,
        },
        `${basename(source)}: network and theory`,
      );
    });
  }
  print(effects, result, options, target);
}

/** Where to write; null where nothing is written. */
function targetFolder(effects: Effects, source: string, { out }: Options): string | null {
  return out === undefined ? null : runFolderName(effects, out, source);
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
