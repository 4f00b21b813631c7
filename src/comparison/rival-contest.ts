import { type TextLevels, textLevels } from "../levels/level-scores.ts";
import { type ObservedText, observedText } from "../levels/observed-text.ts";
import { frozen } from "../rivals/frozen.ts";
import type { Rival, RivalPrediction } from "../rivals/rival.ts";
import { RIVALS } from "../rivals/rivals.ts";
import type { FitText } from "../trajectories/fit-text.ts";

/** What takes part without motions, measured beside one text: plain data. */
export interface RivalContest {
  /** In the order of `COMPETING`. */
  readonly rivals: readonly RivalLevels[];
  /** Shown beside them, each with frozen at the same layers. */
  readonly shown: readonly ShownLevels[];
}

export interface RivalLevels {
  readonly levels: TextLevels;
  readonly complexity: number | undefined;
}

export interface ShownLevels {
  readonly name: string;
  readonly label: string;
  readonly levels: TextLevels;
  readonly frozen: TextLevels;
}

/** What a family has to beat unasked, `frozen` first. */
export const COMPETING = RIVALS.filter(({ competes, onlyAsked }) => competes && !onlyAsked);

/** What sees both sides of a layer that it predicts. */
const SEEING = RIVALS.filter(({ competes }) => !competes);

/** Measures what always takes part, whatever the families: it waits for no fit. */
export function rivalContest(text: FitText | ObservedText): RivalContest {
  const observed = "products" in text ? text : observedText(text);
  const inner = laterLayers(text).slice(0, -1);
  return {
    rivals: COMPETING.map((rival) => levelsOf(observed, rival)),
    shown:
      inner.length > 0
        ? besideFrozen(
            observed,
            inner,
            SEEING.map((rival) => ({ ...rival, said: rival.predict(text) })),
          )
        : [],
  };
}

/** Places of the fitted layers after the first. */
export function laterLayers({ clouds }: FitText): number[] {
  return clouds.map((_, k) => k).slice(1);
}

/** A rival beside a text. */
export function levelsOf(text: ObservedText, rival: Rival): RivalLevels {
  const said = rival.predict(text);
  return { levels: textLevels(text, said, laterLayers(text)), complexity: said.complexity };
}

/** A prediction that says nothing. */
const NOTHING: RivalPrediction = { cloud: null, products: () => null };

interface Said {
  readonly name: string;
  readonly label: string;
  readonly said: RivalPrediction | null;
}

/** Predictions at some layers, each with what nothing moving scores there. */
export function besideFrozen(
  text: ObservedText,
  layers: readonly number[],
  predictions: readonly Said[],
): readonly ShownLevels[] {
  const still = textLevels(text, frozen.predict(text), layers);
  return predictions.map(({ name, label, said }) => ({
    ...{ name, label },
    levels: textLevels(text, said ?? NOTHING, layers),
    frozen: still,
  }));
}
