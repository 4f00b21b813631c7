import { Option } from "@commander-js/extra-typings";
import type { OptionsOf } from "../command-line/options-of.ts";

/** Tables for data frames. */
export const PARQUET = [
  new Option("--parquet", "write every table of the run folder as Parquet too, for data frames (metrics.parquet …)"),
] as const;

/** Where nothing is written without a folder. */
export const PARQUET_CONFLICTS = [
  {
    flags: ["parquet"],
    without: ["out"],
    says: "{flag}: without --out nothing is written. give a folder, or leave it out",
  },
] as const;

export type ParquetOptions = OptionsOf<typeof PARQUET>;
