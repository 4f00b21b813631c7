import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Compares an SVG with `snapshots/NAME.svg`, coordinates rounded to a tenth of a pixel: what rounds differently between
 * machines is not seen. Where it differs, or there is none, it is written as `NAME-changed.svg` to be looked at:
 * to accept it, move it over the old one.
 *
 * @returns `null` when equal, else what to do
 */
export function compareSnapshot(name: string, svg: string): string | null {
  const path = fileURLToPath(new URL(`snapshots/${name}.svg`, import.meta.url));
  const changed = path.replace(/\.svg$/, "-changed.svg");
  if (existsSync(path) && rounded(readFileSync(path, "utf8")) === rounded(svg)) {
    rmSync(changed, { force: true });
    return null;
  }
  writeFileSync(changed, svg);
  return `${name} differs from its snapshot: compare snapshots/${name}-changed.svg with ${name}.svg, and move it over if it is right`;
}

function rounded(svg: string): string {
  return svg.replace(/-?\d+\.\d+/g, (number) => String(Number(Number(number).toFixed(1))));
}
