import { existsSync } from "node:fs";

/** Folder of the package, found from this file whether it runs as source or as built (`dist/src`). */
export const packageRoot: URL = ["../../", "../../../"]
  .map((up) => new URL(up, import.meta.url))
  .find((url) => existsSync(new URL("package.json", url)))!;
