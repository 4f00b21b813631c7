import type { FailureKind } from "../../models/errors.ts";

/** Exit codes of the command line; 0 is done, 130 and 143 are signals. */
export const EXIT_CODES: Readonly<Record<FailureKind, number>> = { usage: 2, input: 3, environment: 4, disk: 5 };

/** A fault of ours. */
export const INTERNAL_ERROR = 1;
