/** A name among these many characters may have one that is wrong, and is still known for what it was. */
const CHARACTERS_A_SLIP = 6;

/**
 * The first name that is nearly one that would be read, and is not: a damaged file, or a slip of whoever wrote it. Left unread it
 * would cost a layer, or count padding.
 *
 * @param unread names that nothing reads.
 * @param wanted names that would be read and are not there.
 * @returns both; null where there is none.
 */
export function misspelledName(
  unread: readonly string[],
  wanted: readonly string[],
): { readonly name: string; readonly meant: string } | null {
  for (const name of unread) {
    const meant = wanted.find((one) => isNearly(name, one));
    if (meant !== undefined) return { name, meant };
  }
  return null;
}

/** Whether two names are of one length and differ in few characters. */
function isNearly(name: string, meant: string): boolean {
  if (name.length !== meant.length) return false;
  let slips = 0;
  for (let i = 0; i < name.length; i++) if (name[i] !== meant[i]) slips++;
  return slips <= name.length / CHARACTERS_A_SLIP;
}
