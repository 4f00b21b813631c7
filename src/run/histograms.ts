import type { z } from "zod";
import type { HISTOGRAMS } from "../formats/run-formats.ts";

/** `histograms.json`: counts of pairwise inner products on fixed edges. */
export type Histograms = z.infer<typeof HISTOGRAMS.schema>;

export type TextHistograms = Histograms["texts"][number];

export type LayerHistogram = TextHistograms["layers"][number];
