import { TokensphereError } from "../../models/errors.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { mean } from "../../probes/numerics/mean.ts";
import { defaultPolicy, onSphere, type Policy } from "../../probes/policy/policy.ts";
import { policyRecord } from "../../probes/policy/policy-record.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { checkParams } from "../../sim/dynamics/check-params.ts";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { indexOfLeast, type TimeMap } from "../alignment/align.ts";
import { heldTokens, type TokenHalf } from "../alignment/token-halves.ts";
import {
  averagingOf,
  CAUSAL_FAMILIES,
  drivenBy,
  type Family,
  type MovingFamily,
  movingFamilies,
  searchedParameter,
  withFirstValue,
} from "../laws/families.ts";
import { searchFree } from "../laws/free-search.ts";
import type { StartName } from "../laws/starts.ts";
import { checkSettings } from "./check-settings.ts";
import type { FitProblem } from "./evaluate.ts";
import { FIT_DEFAULTS } from "./fit-defaults.ts";
import type { FamilyFit, FitResult, Observed } from "./fit-result.ts";
import { frozenRows, type HeldOut, stillRows } from "./held-out.ts";
import { type ObservedTexts, observeTexts } from "./observe.ts";
import { jointMap, type Ranked } from "./search-family.ts";
import { type ShareOut, shareOut } from "./share-out.ts";
import { cosineStatistics } from "./statistics.ts";
import { type OpenWorkshop, prepare, type Work, type Workshop, type WorkshopTask, workHere } from "./workshop.ts";

/** What a user may choose of a fit. */
export interface FitOptions {
  /** What is fitted: names of the table, or families of your own. Averaging and `frozen` need no asking. Default SA and USA. */
  readonly families?: readonly (string | Family)[];
  /** Laws that the families are held against: searched under the same time map, which they have no say in, and not checked. Default none. */
  readonly laws?: readonly (string | Family)[];
  readonly policy?: Policy;
  /** The observed layer that simulations start from. Default the first. */
  readonly startLayer?: number;
  /** Whether tokens see only what comes before them: averaging then is over those, and so are the families unless others are asked for. Default false. */
  readonly causal?: boolean;
  /** Where simulations start: the observed layer, or other tokens of the same size, see `STARTS`. Default `observed`. */
  readonly init?: StartName | "observed";
  /** `auto` takes for all families the map whose best family predicts left-out layers better, in doubt the linear one. */
  readonly time?: TimeMap | "auto";
  readonly betaMin?: number;
  readonly betaMax?: number;
  /** Resamples for the interval of β; 0 leaves it out. */
  readonly bootstrap?: number;
  /** Whether each fit is checked: intervals, other starts, noise, what is held out. Without, only random orders of the layers are. Default true. */
  readonly checks?: boolean;
  readonly seed?: number;
  /** Where the states came from, for the record. */
  readonly source?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (fraction: number, stage: string) => void;
}

/** Whatever is measured beside it: a fit is of unit tokens and of pairs i < j within a text. */
const FITTED = { diagonal: "exclude", pairs: "within" } as const;

const BINS = 100;

/**
 * Begins what waits for the texts alone: elsewhere and at once where no family is searched there, else where first none is left to be
 * searched, which may be here.
 */
export type Meanwhile = (texts: ObservedTexts["texts"], here: boolean) => void;

/** A family and its fit, to predict with: see `motionClouds`. */
export interface FamilyWithFit {
  readonly family: MovingFamily;
  readonly fit: FamilyFit;
}

/** A fit with what its record leaves out: the clouds it was fitted to, and what was held out of which. */
export interface DetailedFit {
  readonly result: Omit<FitResult, "best" | "verdict">;
  readonly observed: ObservedTexts;
  /** In the order asked for, averaging last. */
  readonly families: readonly FamilyWithFit[];
  /** Laws beside them, in the order asked for. */
  readonly laws: readonly FamilyWithFit[];
  readonly heldOut: readonly HeldOut[];
}

/**
 * Fits families of dynamics, SA and USA unless told otherwise, to the layers of a network, beside averaging and the baseline that nothing
 * moves: at the level of distributions of inner products over pairs i < j.
 *
 *   states ─observeTexts─▶ clouds on the sphere ─┬─ sketches ─searchFamily─▶ β, times under both maps ─jointMap─▶ one map for all
 *                                                └─ first cloud ─simulate──────┘                                      │
 *   DetailedFit ◀─verdict── families, averaging, frozen ◀── checkFamily: intervals, texts, held out, orders ──────────┘
 */
export async function fitFamilies(
  batches: readonly HiddenStates[],
  options: FitOptions = {},
  elsewhere: readonly OpenWorkshop[] = [],
  meanwhile: Meanwhile = () => {},
): Promise<DetailedFit> {
  const own = options.causal ? { families: CAUSAL_FAMILIES } : {};
  const settings = { ...FIT_DEFAULTS, ...own, policy: defaultPolicy, source: "states", ...options };
  const from = <T extends MovingFamily>(family: T): T =>
    settings.init === "observed" || family.start ? family : { ...family, start: settings.init };
  const moving = movingFamilies(settings.families).map(from);
  const laws = lawsBeside(moving, settings.laws ?? []).map(from);
  checkSettings(settings);
  const observed = observeTexts(batches, settings.policy, settings.startLayer);
  checkParameters([...moving, ...laws], observed);
  if (elsewhere.length === 0) meanwhile(observed.texts, false);
  const task = { observed, edges: [...fixedEdges(BINS)], settings };
  const prepared = prepare(task, options.signal);
  const { problems, halves, frozen, edges } = prepared;
  const here = workHere(prepared);
  const workshops = [here, ...elsewhere.map((open) => open(plainTask(task), here))];
  const tell = progressOf(moving, options.progress);
  const all = [...moving, from(averagingOf(options.causal))];
  let begun = 0;
  let told = false;
  const share = shareOut(workshops, (shop) => {
    if (elsewhere.length === 0 || begun < all.length || told) return;
    told = true;
    meanwhile(observed.texts, shop === here);
  });
  const search = searchesIn(share, observed.texts[0].d, () => {
    begun++;
  });
  const works = await Promise.all(all.map((family, i) => search(family, settings.time, tell(i, [0, SEARCH]))));
  // What is asked for decides: averaging is what it is held against.
  const map = jointMap(works.slice(0, -1), settings.time);
  const noises = noisesFor(works, map);
  const checks = works.map(({ check }, i) => check(map, noises[i], tell(i, [SEARCH, 1])));
  const fitted = await Promise.all(checks);
  const beside = await Promise.all(
    laws.map(async (law): Promise<FamilyWithFit> => {
      const { family, fits } = await search(law, map, () => options.progress?.(1, `fitting ${law.name}`));
      return { family, fit: fits[map] };
    }),
  );
  const [averaging] = fitted.slice(-1);
  const asked = fitted.slice(0, -1);
  const families = [...asked.map(({ chosen }) => chosen), frozen];
  const heldOut = [
    ...fitted.flatMap((f) => f.heldOut),
    ...(frozen.skill === null
      ? stillRows(frozen.name)
      : frozenRows(problems.sample, halves && tokensOf(problems.sample, halves))),
  ];
  const summary = describe(observed, edges, settings.source, settings.policy);
  const result: DetailedFit["result"] = {
    format: "tokensphere/fit",
    version: 1,
    observed: summary,
    ...(options.causal ? { causal: true } : {}),
    edges,
    families,
    alternatives: asked.map(({ other }) => other),
    averaging: averaging.chosen,
    held_out: heldOut.map(({ splits: _, ...row }) => row),
    seed: settings.seed,
  };
  return {
    result,
    observed,
    families: fitted.map(({ chosen }, i) => ({ family: works[i].family, fit: chosen })),
    laws: beside,
    heldOut,
  };
}

/** Searches of families wherever there is room: of a free parameter value by value, then of β and times. */
function searchesIn(share: ShareOut<Workshop>, d: number, begins: () => void) {
  return async (family: MovingFamily, time: TimeMap | "auto", progress: (fraction: number) => void): Promise<Work> => {
    const free = searchedParameter(family);
    const rank = (value: number, near: Ranked | null) =>
      // A parameter beside β takes a dozen searches, round after round: begun last, it would be waited for.
      share((shop) => shop.rank(family, time, value, near), true);
    const found = free && (await searchFree(free, d, rank));
    return share((shop) => {
      begins();
      return shop.search(family, time, found, progress);
    });
  };
}

/**
 * The laws that families are held against.
 *
 * @throws TokensphereError `usage` as `movingFamilies` does, and for one that is a family already.
 */
function lawsBeside(families: readonly MovingFamily[], laws: readonly (string | Family)[]): readonly MovingFamily[] {
  return laws.length === 0 ? [] : movingFamilies([...families, ...laws]).slice(families.length);
}

/** β of families whose W1 is at most so many times the least is corrected for noise. */
const CORRECTED = 2;

/** Share of the work that is done when every family has been searched. */
const SEARCH = 0.65;

/** Progress of the work on family i between two shares of the whole. The rival, which is cheap, counts for nothing. */
function progressOf(asked: readonly MovingFamily[], progress: FitOptions["progress"]) {
  const done = asked.map(() => 0);
  return (i: number, [from, to]: readonly [number, number]) => {
    const family = asked[i];
    if (!family) return () => {};
    return (fraction: number): void => {
      done[i] = from + (to - from) * fraction;
      progress?.(mean(done), `fitting ${family.name}`);
    };
  };
}

/** Without what no other process needs. */
function plainTask({ observed, edges, settings }: WorkshopTask): WorkshopTask {
  const { betaMin, betaMax, bootstrap, checks, seed } = settings;
  return { observed, edges, settings: { betaMin, betaMax, bootstrap, checks, seed } };
}

/**
 * The noise that β of each family is to be freed from: what the one that comes nearest leaves, as what another misses hides noise or looks
 * like it. `null` for those that miss so much more: the correction supposes that the family is the truth.
 */
function noisesFor(searched: readonly Work[], map: TimeMap): readonly (number | null)[] {
  const missed = searched.map(({ fits }) => fits[map].w1);
  const nearest = indexOfLeast(missed);
  return missed.map((w1) => (w1 <= CORRECTED * missed[nearest] ? searched[nearest].noise[map] : null));
}

function tokensOf({ targets }: FitProblem, halves: readonly TokenHalf[]): readonly Int32Array[] {
  return heldTokens(
    targets.map(({ plan }) => plan),
    halves,
  );
}

/** Before hours of work: a parameter that one family or text cannot use is said. */
function checkParameters(families: readonly MovingFamily[], { texts }: ObservedTexts): void {
  for (const family of families) {
    if (family.ofModel && typeof family.dynamics === "string")
      throw new TokensphereError("usage", `family: ${family.name}. its matrices are a model's: compare one`);
    const dynamics = findDynamics(family.dynamics);
    if (family.start && !dynamics.rotates)
      throw new TokensphereError(
        "usage",
        `start: ${family.start}. ${family.name} starts from the network's tokens only`,
      );
    for (const { n, d } of texts) checkParams(dynamics, drivenBy(withFirstValue(family, d)).params, n, d);
  }
}

function describe(observed: ObservedTexts, edges: readonly number[], source: string, policy: Policy): Observed {
  const products = observed.texts.map((text) => text.clouds.map((cloud) => innerProducts(cloud, true)));
  return {
    source,
    texts: observed.texts.length,
    n: observed.texts.map((text) => text.n),
    d: observed.texts[0].d,
    layers: observed.layers,
    ...cosineStatistics(products, edges),
    policy: { ...policyRecord({ ...onSphere(policy), ...FITTED }, observed.specialKnown) },
  };
}
