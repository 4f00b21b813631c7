/**
 * The member of that name. Where none is called exactly so, capitals count as small letters and hyphens as underscores.
 *
 * @returns The first where there are several; `undefined` where there is none.
 */
export function memberNamed<T extends { readonly name: string }>(members: readonly T[], name: string): T | undefined {
  return members.find((one) => one.name === name) ?? members.find((one) => spelled(one.name) === spelled(name));
}

function spelled(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}
