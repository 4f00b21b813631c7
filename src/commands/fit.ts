import { basename, join } from "node:path";
import { fixedEdges } from "../../probes/bin-edges.ts";
import type { PartialPolicy } from "../../probes/policy.ts";
import { policyRecord } from "../../probes/policy-record.ts";
import type { Effects } from "../effects.ts";
import { fit } from "../fit/fit.ts";
import type { FitResult } from "../fit/fit-result.ts";
import { fitOptionsOf } from "../fit-options.ts";
import { collectBatches, describeBatch } from "../model-batches.ts";
import { policyFor, refuseOwnRun } from "../open-source.ts";
import { openStoredStates } from "../open-stored-states.ts";
import type { CommonOptions, FitCommandOptions } from "../options.ts";
import { histogramsOf, probeBatches } from "../probe-states.ts";
import { refuseUnusable } from "../refuse-unusable.ts";
import { RUN_FILES } from "../run-files.ts";
import { fillFolder, requireFree, runFolderName } from "../run-folder.ts";
import { stageClock } from "../stages.ts";
import { familyTable } from "../summary.ts";
import { writeFigures, writeNumbers, writeReport } from "../write-run.ts";

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
