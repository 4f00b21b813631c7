import { readFileSync } from "node:fs";
import { packageRoot } from "./package-root.ts";

/** Version of this package, as its package.json says. */
export const VERSION: string = JSON.parse(readFileSync(new URL("package.json", packageRoot), "utf8")).version;
