import { TokensphereError } from "../../models/errors.ts";
import type { DynamicsParams } from "./params.ts";

/** What a value is checked against: n tokens of width d, and the other parameters. */
export interface ParameterSetting {
  readonly n: number;
  readonly d: number;
  readonly params: DynamicsParams;
}

/** Something that a dynamics may be told beside β. */
export interface Parameter {
  /** In one line, for help. */
  readonly about: string;
  /** What is taken where nothing is given; without it the parameter is required. */
  readonly default?: unknown;
  /** @throws TokensphereError `input` where the value cannot be used. */
  readonly check: (value: unknown, setting: ParameterSetting) => void;
}

/** A parameter of one number: what may be left out is not asked for. */
export interface NumberRange {
  readonly default?: number | undefined;
  /** Both ends count. */
  readonly least?: number | undefined;
  readonly most?: number | undefined;
  readonly about?: string | undefined;
}

/** A finite number within a range. */
export function numberParameter(name: string, range: NumberRange): Parameter {
  const { about = "a number", default: usual, least = -Infinity, most = Infinity } = range;
  return {
    about,
    ...(usual === undefined ? {} : { default: usual }),
    check: (value) => {
      if (typeof value === "number" && Number.isFinite(value) && value >= least && value <= most) return;
      throw new TokensphereError("input", `${name}: ${value}. use a finite number${wordsOf(least, most)}`);
    },
  };
}

function wordsOf(least: number, most: number): string {
  if (Number.isFinite(least) && Number.isFinite(most)) return ` from ${least} to ${most}`;
  if (Number.isFinite(least)) return `, ${least} or above`;
  return Number.isFinite(most) ? `, ${most} or below` : "";
}
