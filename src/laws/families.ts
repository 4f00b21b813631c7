import { TokensphereError } from "../../models/errors.ts";
import type { Dynamics } from "../../sim/dynamics/dynamics.ts";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { memberNamed } from "../../sim/dynamics/member-named.ts";
import type { FreeParameter, Law, LawWords } from "./law.ts";
import { LAWS, lawNamed } from "./laws.ts";

/** How a family is called and drawn, the same wherever it is shown. */
export interface FamilyStyle {
  /** As legends and sentences call it. */
  readonly label: string;
  /** As CSS writes it: "#0072B2". */
  readonly colour: string;
  /** Dash pattern of its lines in px; `[1, 0]` is solid. */
  readonly dash: readonly [number, number];
  /** Of its lines, in px. */
  readonly width: number;
}

/** A candidate of the fit as a value. */
export interface Family extends FamilyStyle, Pick<Law, "free" | "noisy" | "start" | "beta" | "ofModel"> {
  /** In `fit.json`, on the terminal and after `--families`. */
  readonly name: string;
  /** What moves the tokens: a dynamics by its name, or one of your own. `null`: nothing moves. */
  readonly dynamics: string | Dynamics | null;
  /** What is searched of β; default: what the fit is asked for. */
  readonly betas?: readonly [lo: number, hi: number];
  /** What the dynamics reads beside β; with noise also `kappa`. What is searched of them may be missing: see `free`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly words?: LawWords;
  /**
   * W1 has one valley over β where tokens start as the network's do: a search may end beyond the best. Left out: not known, and every β is
   * looked at. `bench/flanks.mjs` looks for it.
   */
  readonly oneValley?: true;
}

/** A family that is simulated. */
export type MovingFamily = Family & { readonly dynamics: string | Dynamics };

/** A family by its name, with what is known of its style: as a fit holds it, old files by name alone. */
export type NamedFamily = Pick<Family, "name"> & Partial<FamilyStyle>;

/**
 * Every family with a name of its own. The last two are part of every fit, unasked: `averaging`, attention that chooses nothing,
 * is the rival that any attention must beat; `frozen` is the baseline that nothing moves. Colours of
 * Okabe and Ito, told apart by every common kind of colour vision; each has its own dash as well, so that a grey print can be
 * read. USA is wide and lies under SA: where the two coincide, both are seen.
 */
export const FAMILIES: readonly Family[] = [
  {
    name: "sa",
    label: "SA",
    colour: "#0072B2",
    dash: [7, 2.5],
    width: 1.7,
    dynamics: "sa",
    oneValley: true,
    words: { name: "self-attention" },
  },
  {
    name: "usa",
    label: "USA",
    colour: "#D55E00",
    dash: [3.5, 2],
    width: 3.4,
    dynamics: "usa",
    oneValley: true,
    words: {
      name: "unnormalized self-attention",
      time: "USA runs faster by up to exp β",
    },
  },
  { name: "averaging", label: "averaging", colour: "#767676", dash: [4, 1.2], width: 1.8, dynamics: "sa", beta: 0 },
  { name: "frozen", label: "frozen", colour: "#009E73", dash: [1.5, 2], width: 1.8, dynamics: null },
];

/** What is fitted unless families are asked for. */
export const DEFAULT_FAMILIES = ["sa", "usa"] as const;

/** The baseline of every fit: every layer looks like the first. */
export const FROZEN: Family = FAMILIES[FAMILIES.length - 1];

/** The rival of every fit: each token moves towards the mean of all, with times of its own. */
export const AVERAGING = FAMILIES[FAMILIES.length - 2] as MovingFamily;

/** Colours of Okabe and Ito that `FAMILIES` does not use; the yellow, pale on paper, last. */
const COLOURS = ["#CC79A7", "#E69F00", "#56B4E9", "#F0E442"];
const DASHES = [
  [9, 2],
  [2.5, 2.5],
  [5, 1.5],
  [1.5, 1.2],
] as const;

/** The same where tokens see only what comes before them: each moves towards the mean of those. */
const CAUSAL_AVERAGING: MovingFamily = {
  ...AVERAGING,
  label: "averaging over what comes before",
  dynamics: "sa_causal",
};

/** What is fitted where tokens see only what comes before them, unless families are asked for. */
export const CAUSAL_FAMILIES = ["sa_causal", "usa_causal"] as const;

/** The rival of every fit, as far as tokens see. */
export function averagingOf(causal = false): MovingFamily {
  return causal ? CAUSAL_AVERAGING : AVERAGING;
}

/** Families that have no style of their own: they look as their place among those drawn says. */
export const LAW_FAMILIES: readonly MovingFamily[] = LAWS.map((law, place) => styled(law, place));

/** A family that looks as its place among those without a style says: each of the first 16 looks different. */
export function styled<T extends Pick<Family, "name" | "label">>(family: T, place: number): T & FamilyStyle {
  return { ...family, ...styleOf({ name: family.name, label: family.label }, place) };
}

/** Whether a name is the baseline's. */
export function isFrozen(name: string): boolean {
  return name === FROZEN.name;
}

/** Those that move: all but the baseline. */
export function withoutFrozen<T extends Pick<Family, "name">>(families: readonly T[]): readonly T[] {
  return families.filter(({ name }) => !isFrozen(name));
}

/**
 * Looks a family up in the table and among others; see `memberNamed` for how it may be spelled.
 *
 * @param extra families beside those of the table, such as a plugin's; a name of the table stays the table's.
 * @throws TokensphereError `usage` for an unknown name.
 */
export function familyNamed(name: string, extra: readonly Family[] = []): Family {
  const all = [...FAMILIES, ...LAW_FAMILIES, ...extra];
  const found = memberNamed(all, name);
  if (found) return found;
  throw new TokensphereError("usage", `family: ${name}. use ${all.map((family) => family.name).join(", ")}`);
}

/**
 * Makes a family of any dynamics. Its label is the dynamics' own or its name in capitals; colour and dash are the table's
 * where it has the name, else of a palette that the table does not use.
 *
 * @param dynamics a name that `simulate` knows, or a dynamics of your own.
 * @param place its position among such families, from 0: each of the first 16 looks different.
 */
export function familyOf(dynamics: string | (Dynamics & { readonly label?: string }), place = 0): MovingFamily {
  const { name, label } = typeof dynamics === "string" ? { name: dynamics, label: undefined } : dynamics;
  return { name, ...styleOf({ name, ...(label ? { label } : {}) }, place), dynamics };
}

/** The style of each family: its own, where it has one, else that of the table, else of the palette in order of appearance. */
export function familyStyles(families: readonly NamedFamily[]): readonly (NamedFamily & FamilyStyle)[] {
  const others = families.filter(
    ({ name, colour }) => colour === undefined && !FAMILIES.some((row) => row.name === name),
  );
  return families.map((family) => ({
    name: family.name,
    ...styleOf(family, Math.max(0, others.indexOf(family))),
  }));
}

/** What legends and sentences call a family. */
export function familyLabel(family: Pick<NamedFamily, "name" | "label">): string {
  return family.label ?? tableRow(family.name)?.label ?? family.name.toUpperCase();
}

/** What texts say of a family of the table beyond its label; `undefined` of others. */
export function familyWords(name: string): LawWords | undefined {
  return tableRow(name)?.words;
}

/**
 * The families of a fit that move, in the order asked for; the baseline and the rival are left out, they need no asking.
 *
 * @throws TokensphereError `usage` where none is left, one is there twice or has the name of another curve.
 */
export function movingFamilies(asked: readonly (string | Family)[]): readonly MovingFamily[] {
  const families = asked.map((one) => (typeof one === "string" ? familyNamed(one) : one)).filter(isAsked);
  const names = families.map(({ name }) => name);
  const wrong = (what: string) => new TokensphereError("usage", `families: ${what}`);
  if (names.length === 0) throw wrong(`none that moves. give at least one, such as ${DEFAULT_FAMILIES.join(", ")}`);
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined) throw wrong(`${twice} twice. give each once`);
  const taken = names.find((name) => RESERVED.includes(name));
  if (taken !== undefined) throw wrong(`${taken} is the name of another curve. give the dynamics another name`);
  return families;
}

/** Curves of the figures that are no dynamics: none may have their names. */
export const RESERVED: readonly string[] = ["observed", "isotropic", AVERAGING.name, FROZEN.name];

/** The β at which a family is simulated without a search; `null` where β is searched. Where its dynamics reads none, any will do. */
export function fixedBeta({ beta, dynamics }: MovingFamily): number | null {
  return beta ?? (readsBeta(dynamics) ? null : 1);
}

/**
 * What the dynamics of a family reads, and κ of the noise beside it; `null`: none.
 *
 * @throws TokensphereError `usage` where κ is not above 0.
 */
export function drivenBy({ parameters = {}, noisy }: Family): {
  readonly params: Readonly<Record<string, unknown>>;
  readonly kappa: number | null;
} {
  if (!noisy) return { params: parameters, kappa: null };
  const { kappa, ...params } = parameters;
  if (!(typeof kappa === "number" && kappa > 0))
    throw new TokensphereError("usage", `kappa: ${kappa}. use a number above 0`);
  return { params, kappa };
}

/** The parameter that is searched beside β; `null` where none is, or it is given. */
export function searchedParameter({ free, parameters = {} }: Family): FreeParameter | null {
  return free && parameters[free.name] === undefined ? free : null;
}

/** With the first value of the parameter that is searched, where one is: complete, to be checked. */
export function withFirstValue<T extends Family>(family: T, d: number): T {
  const free = searchedParameter(family);
  return free ? { ...family, parameters: { ...family.parameters, [free.name]: free.values(d)[0] } } : family;
}

/** Whether β means anything to a dynamics. */
export function readsBeta(dynamics: string | Dynamics): boolean {
  return findDynamics(dynamics).readsBeta ?? true;
}

function isAsked(family: Family): family is MovingFamily {
  return family.dynamics !== null && family !== AVERAGING && family !== CAUSAL_AVERAGING;
}

function tableRow(name: string): (Pick<Family, "label" | "words"> & Partial<FamilyStyle>) | undefined {
  return FAMILIES.find((family) => family.name === name) ?? lawNamed(name);
}

/** `place` counts among the families that the table does not know. */
function styleOf(family: NamedFamily, place: number): FamilyStyle {
  const known = { ...tableRow(family.name), ...family };
  const round = Math.floor(place / COLOURS.length);
  const {
    colour = COLOURS[place % COLOURS.length],
    dash = DASHES[(place + round) % DASHES.length],
    width = 1.8,
  } = known;
  return { label: familyLabel(known), colour, dash, width };
}
