import { TokensphereError } from "../../models/errors.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { flagsInMessage } from "../effects/flags-in-messages.ts";
import { stageClock } from "../run/stage-clock.ts";
import { type Reading, type ReadingPlan, type StudyPlace, type TakenReading, takeReading } from "./take-reading.ts";

/** Something that is asked of a model beside its states, or why it is not. */
export type Asked<T> = T | { readonly reason: string };

/** The same network with weights that were never trained: the states of the same texts, for each draw of the weights. */
export interface Control {
  readonly control: { readonly draws: readonly (readonly HiddenStates[])[] } | null;
  /** Why there is none, in one sentence; `null` where there is one, or none was asked for. */
  readonly controlReason: string | null;
}

/** Reads each untrained network like the source. That it cannot be had is no failure. */
export async function takeControl(
  { effects, clock }: StudyPlace,
  source: TakenReading,
  asked: Asked<readonly Reading[]> | undefined,
  policy: ReadingPlan["policy"],
): Promise<Control> {
  if (asked === undefined) return { control: null, controlReason: null };
  if ("reason" in asked) return without(asked.reason);
  if (source.source.kind === "states") return without("saved states come without the model that made them");
  const place = { effects, clock: stageClock(effects), folder: null };
  const plan = { policy, measure: null, saveStates: false, keepRows: false, keepStates: true };
  try {
    const draws: (readonly HiddenStates[])[] = [];
    for (const one of asked) {
      const { states } = await clock.run("untrained control", () => takeReading(place, one, 0, plan));
      if (sizesOf(states) !== sizesOf(source.states))
        return without("config.json tells another network than the model's file");
      draws.push(states);
    }
    return { control: { draws }, controlReason: null };
  } catch (error) {
    if (error instanceof TokensphereError) return without(flagsInMessage(error.message));
    throw error;
  }
}

function without(reason: string): Control {
  return { control: null, controlReason: reason };
}

/** Texts, tokens, width and layers. */
function sizesOf(states: readonly HiddenStates[]): string {
  return JSON.stringify(states.map(({ batch, n, d, layers }) => [batch, n, d, numbered(layers)]));
}

function numbered(layers: HiddenStates["layers"]): number {
  return layers.filter(({ layer }) => typeof layer === "number").length;
}
