import type { Policy } from "../../probes/policy/policy.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import type { GramEngine } from "../../probes/products/gram-engine.ts";
import type { Measured } from "../measure/measured.ts";
import { openMeasurer } from "../measure/measurer.ts";
import type { MeasureOptions } from "../measure/probe.ts";
import { type Kept, openSinks } from "../measure/sinks.ts";
import { namingFailures } from "../sources/name-failure.ts";
import { refuseUnusable } from "../sources/refuse-unusable.ts";
import type { ModelBatch } from "../sources/state-source.ts";

/** Measures text after text into the tables of a run. */
export interface Measuring {
  /** A failure names the text as the user knows it. */
  take(batch: ModelBatch, progress: (fraction: number) => void): Promise<void>;
  /** What can be measured only when all texts were there, and the end of the files; `null` where nothing is measured. */
  finish(): Promise<MeasuredTables | null>;
  /** Closes the files as they are: the folder is to be thrown away. */
  abort(): void;
}

/** Tables and histograms, as a run has them. */
type RunTables = Omit<Kept, "specialKnown">;

export interface MeasuredTables {
  /** Means over texts where the rows lie in a folder; of a single text its own rows. */
  readonly kept: RunTables;
  /** The rows of every text where they were to be kept, else as `kept`. */
  readonly rows: RunTables;
}

/** Where tables go. */
export interface TablePlace {
  /** The draft folder of the run; `null`: nothing is written, and every row is kept. */
  readonly folder: string | null;
  /** The name of a file in the place of its usual one. */
  readonly fileName: (usual: string) => string;
  /** Whether the rows of every text stay in memory too. */
  readonly keepRows: boolean;
}

/** Opens the tables that the options ask for. */
export function openMeasuring(engine: GramEngine, options: MeasureOptions, place: TablePlace): Measuring {
  const measurer = openMeasurer(engine, options);
  const edges = [...fixedEdges()];
  const sinks = openSinks(place.folder, options, { edges, fileName: place.fileName });
  const memory = place.keepRows && place.folder !== null ? openSinks(null, options, { edges }) : null;
  const add = (measured: Measured) => {
    sinks.add(measured);
    memory?.add(measured);
  };
  return {
    async take(batch, progress) {
      add(await namingFailures(batch, batch.states.batch, () => measurer.batch(batch.states, progress)));
    },
    async finish() {
      add(await measurer.rest());
      const kept = tablesOf(sinks.finish());
      return { kept, rows: memory ? tablesOf(memory.finish()) : kept };
    },
    abort: () => sinks.abort(),
  };
}

function tablesOf({ specialKnown, ...tables }: Kept): RunTables {
  return tables;
}

/** Measures nothing, and refuses what nothing could be measured of. */
export function onlyChecking(policy: Policy): Measuring {
  return { take: (batch) => refuseUnusable([batch], policy), finish: async () => null, abort() {} };
}
