import { join } from "node:path";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import type { ComparedFit } from "../comparison/comparison.ts";
import type { Effects } from "../effects/effects.ts";
import { tellPage } from "../effects/tell-page.ts";
import { wrapped } from "../effects/window.ts";
import type { FitCommandOptions } from "../options/fit.ts";
import type { ParquetOptions } from "../options/parquet.ts";
import type { PluginOptions } from "../options/plugins.ts";
import type { PolicyOptions } from "../options/policy.ts";
import { loadPlugins, pluginRecord } from "../plugins/load-plugins.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { runFolderName } from "../run/run-folder.ts";
import { policyFor } from "../sources/open-source.ts";
import { openStoredStates } from "../sources/open-stored-states.ts";
import { familyTable, rivalTable } from "../terminal/summary.ts";
import { askedFit } from "./asked-families.ts";
import { askedMeasures, tellUntaken } from "./asked-measures.ts";
import { studyRun } from "./study-run.ts";

type Options = PolicyOptions & FitCommandOptions & PluginOptions & CommonOptions & OutOptions & ParquetOptions;

/** A study of saved states. Nothing is measured or written without `--out`; with it, a run like that of `compare`. */
export async function fitCommand(effects: Effects, states: string, options: Options): Promise<void> {
  const plugins = await loadPlugins(options.plugin ?? [], effects.cwd);
  const fit = askedFit(options, plugins);
  const target = options.out === undefined ? null : runFolderName(effects, options.out, states);
  const untaken = [...plugins.measures, ...plugins.pairMeasures];
  if (target === null) tellUntaken(effects, untaken, "a fit measures with --out only");
  const { run } = await studyRun(effects, {
    ...{ command: "fit", options, target, title: "network and theory" },
    source: { open: () => openStoredStates(effects, states) },
    plan: {
      policy: (source) => policyFor(source, options),
      measure: target === null ? null : askedMeasures({ who: true }, plugins),
      fit,
      causal: options.causal,
      saveStates: false,
      keepRows: false,
    },
    beside: () => ({ record: pluginRecord(plugins) }),
  });
  const paths = target === null ? null : { folder: target, report: join(target, RUN_FILES.report) };
  if (options.json) effects.print(JSON.stringify({ ...run.fit, ...(paths ? { paths } : {}) }));
  else {
    const { columns } = effects.window;
    const told = (fit: ComparedFit) => [
      ...wrapped(effects.window, fit.verdict),
      "",
      ...familyTable(fit, columns),
      "",
      ...rivalTable(fit, columns),
    ];
    for (const line of run.fit ? told(run.fit) : []) effects.print(line);
    if (paths) {
      effects.print("");
      await tellPage(effects, paths.report);
    }
  }
}
