import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What lies beside the project where it is developed, and nowhere else: large models and reference values. */
export const SHARED = fileURLToPath(new URL("../../shared/", import.meta.url));

/** Where Debian and others put a browser that shows pages. */
export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** All for which tests are left out, and why. test/shape/skips.test.ts sees to it that there is nothing else. */
export const SKIPS = {
  /** Models of other licences and tens of MB are not kept in the repository; what they show, small ones in test/fixtures show too. */
  shared: { skipped: !existsSync(SHARED), why: "../shared is not there" },
  /** Pages are looked at in a browser where there is one. */
  chromium: { skipped: CHROMIUM === undefined, why: "no Chromium in /usr/bin" },
  /** Completion is asked of the shell itself. */
  fish: { skipped: !existsSync("/usr/bin/fish"), why: "no fish in /usr/bin" },
  zsh: { skipped: !existsSync("/usr/bin/zsh"), why: "no zsh in /usr/bin" },
  /** What docs say to users of R is run by R itself. */
  r: { skipped: !existsSync("/usr/bin/Rscript"), why: "no R in /usr/bin" },
  /** Processes are looked up in /proc. */
  linux: { skipped: process.platform !== "linux", why: "not Linux" },
  /** A device to which nothing can be written, as to a full disk. */
  full: { skipped: !existsSync("/dev/full"), why: "no /dev/full" },
  /** What a package would hold is known once it is built, as `npm ci` does. */
  built: { skipped: !existsSync(new URL("../dist/src/cli.js", import.meta.url)), why: "not built" },
  /** Its weights lie in a file of its own, which a rewritten graph in memory cannot find. */
  externalData: { skipped: true, why: "weights in another file" },
} as const;
