/** An equals sign that no line breaks at. */
const IS = "\u00a0=\u00a0";

/** How many texts (or images), tokens and dimensions: "3 texts, n = 96 to 128, d = 256". */
export function sizeInWords(n: readonly number[], d: number, unit = "texts"): string {
  const [least, most] = [Math.min(...n), Math.max(...n)];
  const texts = n.length > 1 ? `${n.length} ${unit}, ` : "";
  return `${texts}n${IS}${least === most ? least : `${least} to ${most}`}, d${IS}${d}`;
}
