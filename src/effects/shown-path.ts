import { TokensphereError } from "../../models/errors.ts";

/** A failure that names a file as the user does, where it is one of ours; anything else as it is. */
export function shownPath(error: unknown, path: string, shown: string): unknown {
  if (!(error instanceof TokensphereError) || !error.message.includes(path)) return error;
  return new TokensphereError(error.kind, error.message.replaceAll(path, shown), { cause: error });
}
