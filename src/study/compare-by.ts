import { TokensphereError } from "../../models/errors.ts";
import { tellSideBySide, writeSideBySide } from "../collection/compare-runs.ts";
import type { Effects } from "../effects/effects.ts";
import type { BesideOptions } from "../options/beside.ts";
import type { By } from "../options/by.ts";
import type { FitCommandOptions } from "../options/fit.ts";
import type { StudyOptions } from "../options/study.ts";
import { fillFolder, runFolderName } from "../run/run-folder.ts";
import { BUNDLED } from "../sources/model-batches.ts";
import { shareEffects } from "../variants/share-effects.ts";
import { compareCommand } from "./compare.ts";

type Options = StudyOptions & FitCommandOptions & BesideOptions;

/** The options' name of each flag. */
const KEYS = {
  depth: "depth",
  heads: "heads",
  "random-init": "randomInit",
  "shuffle-tokens": "shuffleTokens",
} as const satisfies Readonly<Record<By["flag"], keyof Options>>;

/** One of the runs: what it is called, and the flag that it has. */
interface Variant {
  readonly label: string;
  readonly flags: Partial<Options>;
}

/** `compare` once for each value of a flag, each a run of its own, and all of them side by side. */
export async function compareByCommand(
  given: Effects,
  reference: string | undefined,
  by: By,
  options: Options,
): Promise<void> {
  const effects = shareEffects(given);
  const key = KEYS[by.flag];
  if (options[key] !== undefined) {
    throw new TokensphereError("usage", `--${by.flag}: --by says it already. leave one of the two out`);
  }
  const called = options.name ?? reference ?? BUNDLED;
  const target = runFolderName(effects, options.out, `${called}-by-${by.flag}`);
  const done = await fillFolder(effects, target, options.force ?? false, async (folder) => {
    const folders: string[] = [];
    for (const { label, flags } of variantsOf(by, options.seed)) {
      const out = `${target}-${label.replace(/ /g, "-")}`;
      effects.say(`${label}: ${out}`);
      const name = [options.name ?? reference?.split(/[/\\]/).filter(Boolean).at(-1) ?? BUNDLED, label].join(" ");
      await compareCommand({ ...effects, print() {} }, reference, { ...options, looped: 0, ...flags, out, name });
      folders.push(out);
    }
    return writeSideBySide(folder, target, folders, ["npx", "tokensphere", "report", ...folders].join(" "));
  });
  await tellSideBySide(effects, done, target, options);
}

function variantsOf({ flag, values }: By, seed: number): readonly Variant[] {
  const words = flag.replace("-", " ");
  const own = flag === "depth" || flag === "heads" ? [] : [{ label: "as it is", flags: {} }];
  const asked = values.length > 0 ? values : [seed];
  return [...own, ...asked.map((value) => ({ label: `${words} ${value}`, flags: { [KEYS[flag]]: value } }))];
}
