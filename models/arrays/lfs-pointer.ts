import { TokensphereError } from "../errors.ts";

/** How a pointer begins: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const START = new TextEncoder().encode("version https://git-lfs");

/** Bytes that no pointer reaches, by the same page. */
export const POINTER_BYTES = 1024;

/**
 * Refuses what git leaves in the place of a file that git-lfs keeps: three lines with its hash and size.
 *
 * @throws TokensphereError `input` for such bytes.
 */
export function refusePointer(bytes: Uint8Array, path: string): void {
  if (bytes.length >= POINTER_BYTES || START.some((byte, i) => bytes[i] !== byte)) return;
  const what = `a git-lfs pointer in the place of the file: ${path}`;
  throw new TokensphereError("input", `${what}. run \`git lfs pull\` in its repository`);
}
