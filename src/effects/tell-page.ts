import { pathToFileURL } from "node:url";
import type { Effects } from "./effects.ts";
import { linked } from "./window.ts";

/** Prints where a page lies, a link where the terminal has such, and shows it where that is asked for and somebody can. */
export async function tellPage(effects: Effects, path: string, open = false): Promise<void> {
  effects.print(linked(effects.window, pathToFileURL(path).href, path));
  if (open && !(await effects.openPage(path))) effects.say("note: no browser was found here: the path is above");
}
