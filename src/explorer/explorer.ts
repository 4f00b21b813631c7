import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Cloud } from "../../probes/cloud.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import { keptPositions } from "../../probes/policy/select-tokens.ts";
import type { FamilyFit } from "../fit/fit-result.ts";
import { isOfTokens, motionOf } from "../fit/fitted-motion.ts";
import { numberedLayers } from "../fit/observe.ts";
import { AVERAGING, averagingOf, familyLabel, type MovingFamily } from "../laws/families.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import { visitSimulated } from "../trajectories/simulated-products.ts";
import { topDirections } from "./directions.ts";
import { halfStepsOf } from "./half-steps.ts";
import { observedOrNull } from "./observed.ts";
import type { ExplorerData, ExplorerSeries, ExplorerText } from "./page/data-shape.ts";
import { openSeries, type SeriesFrame } from "./series.ts";
import { shownWords } from "./shown-words.ts";

/** No text is shown with more tokens: their words fill a screen several times. */
const MOST_TOKENS = 512;
/** Of a page whose numbers have this many bytes, as base64, three megabytes are not exceeded with figures. */
const MOST_BYTES = 1_500_000;
/** A text of fewer tokens tells little: rather fewer texts. */
const LEAST_TOKENS = 48;
/** Bytes that a token has in a layer of a series: its place, six neighbours, an edge of the tree. */
const TOKEN_BYTES = 6 + 24 + 6;
/** The Gram matrix of more tokens is shown in blocks. */
const MOST_BLOCKS = 96;

/** In the network's own coordinates; layers beyond what the integrator reached are shown as not predicted. */
const AS_FAR_AS_IT_GOES = { tolerance: 1e-6, lift: true, partial: true } as const;

/** What a fit predicts, family by family. */
export interface Predicted {
  readonly families: readonly MovingFamily[];
  readonly fit: { readonly families: readonly FamilyFit[]; readonly averaging?: FamilyFit; readonly causal?: boolean };
  /** Number of the first fitted layer. */
  readonly startLayer: number;
}

/** Sees states text by text and keeps what a page explores of them. */
export interface Explorer {
  /** What will be looked at of the states of the next batch, for whoever holds them until then: half-steps only while there may be room. */
  needed(states: HiddenStates): HiddenStates;
  /** Looks at the next texts; a failure of one is the measurement's to tell, and leaves it out here. */
  see(states: HiddenStates, policy: Policy, name: string): void;
  /** Adds what families predict for the texts that are shown. */
  predict(predicted: Predicted): Promise<void>;
  /** `null` where no text could be shown. */
  data(): ExplorerData | null;
}

/** What is kept of a text until its predictions are there. */
interface SeenText {
  readonly frame: SeriesFrame;
  readonly head: Omit<ExplorerText, "series">;
  readonly series: ExplorerSeries[];
  /** `null` where nothing will be predicted. */
  readonly observed: FitText | null;
}

/** @param predictions number of families that will be predicted. */
export function openExplorer(predictions: number): Explorer {
  const seen: SeenText[] = [];
  let layers: readonly number[] = [];
  let [texts, bytes, held] = [0, 0, 0];
  /** Rows of all series of a text. */
  const rowsOf = (depth: number, halves: boolean) =>
    (1 + predictions) * Math.max(1, depth) + (halves ? Math.max(0, depth - 1) : 0);
  const room = (rows: number): number => {
    const gram = (MOST_BLOCKS * (MOST_BLOCKS + 1)) / 2;
    return Math.min(MOST_TOKENS, Math.floor(((MOST_BYTES - bytes) / rows - gram) / TOKEN_BYTES));
  };
  return {
    needed({ attentions: _, residMid, ...states }) {
      const tokens = states.batch * Math.min(MOST_TOKENS, states.n);
      if (residMid) held += rowsOf(states.layers.length, true) * TOKEN_BYTES * tokens;
      return residMid && held <= MOST_BYTES ? { ...states, residMid } : states;
    },
    see(states, policy, name) {
      const own = numberedLayers(states);
      for (let row = 0; row < states.batch; row++, texts++) {
        const most = Math.max(seen.length === 0 ? LEAST_TOKENS : 0, room(rowsOf(own.length, false)));
        if (most < LEAST_TOKENS || (seen.length > 0 && own.join() !== layers.join())) continue;
        const halves = room(rowsOf(own.length, true));
        const text = seeText(states, row, own, policy, { most, halves });
        if (text === null) continue;
        layers = own;
        const head = { ...text.head, text: texts, name: states.batch > 1 ? `${name}, row ${row}` : name };
        seen.push({ ...text, head, observed: predictions > 0 ? text.observed : null });
        const { n, side } = text.frame;
        const rows = predictions * layers.length + text.series[0].mean_cosine.length;
        bytes += rows * (TOKEN_BYTES * n + (side * (side + 1)) / 2);
      }
    },
    async predict(predicted) {
      const from = layers.indexOf(predicted.startLayer);
      for (const family of [...predicted.families, averagingOf(predicted.fit.causal)])
        await predictFamily(seen, family, predicted.fit, from);
    },
    data() {
      if (seen.length === 0) return null;
      return {
        format: "tokensphere/explorer",
        version: 1,
        layers,
        texts: seen.map(({ head, series }) => ({ ...head, series })),
        texts_left_out: texts - seen.length,
      };
    },
  };
}

/** @param room tokens that there is room for, and where half-steps are shown too: these are left out before any token is. */
function seeText(
  states: HiddenStates,
  row: number,
  layers: readonly number[],
  policy: Policy,
  room: { readonly most: number; readonly halves: number },
):
  | (Omit<SeenText, "head" | "observed"> & { head: Omit<ExplorerText, "series" | "text" | "name">; observed: FitText })
  | null {
  const observed = observedOrNull(states, row, layers, policy);
  if (observed === null) return null;
  const shown = Math.min(observed.n, room.most);
  const halves = shown <= room.halves ? halfStepsOf(states, row, layers, policy) : null;
  const frame = {
    n: shown,
    layers: layers.length,
    directions: topDirections(observed.clouds, shown),
    side: Math.min(shown, MOST_BLOCKS),
    orders: [],
  };
  const clouds = [...observed.clouds, ...(halves ?? [])];
  const network = openSeries(frame, clouds.length);
  for (const [at, cloud] of clouds.entries()) network.take(at, cloud);
  const tokens = states.tokens?.[row];
  const words =
    tokens &&
    shownWords(
      keptPositions(states, row, policy)
        .slice(0, shown)
        .map((i) => tokens[i]),
    );
  return {
    frame,
    head: { n: observed.n, shown, words: words ?? null },
    series: [network.done({ name: "network", label: "network", beta: null })],
    observed,
  };
}

async function predictFamily(
  seen: readonly SeenText[],
  family: MovingFamily,
  fit: Predicted["fit"],
  from: number,
): Promise<void> {
  const fitted = family.name === AVERAGING.name ? fit.averaging : fit.families.find(({ name }) => name === family.name);
  if (!fitted) return;
  const motion = motionOf(family, fitted);
  if (!isOfTokens(motion)) return;
  const { beta, times } = motion;
  for (const { observed, frame, series } of seen) {
    if (observed === null) continue;
    const taker = openSeries(frame);
    const text = { ...observed, clouds: observed.clouds.slice(from) };
    const take = (k: number, cloud: Cloud) => taker.take(from + k, cloud);
    await visitSimulated(text, motion.family, beta, times, take, AS_FAR_AS_IT_GOES);
    series.push(
      taker.done({
        name: family.name,
        label: familyLabel(family),
        beta: family.name === AVERAGING.name ? null : fitted.beta,
      }),
    );
  }
}
