import { spawn } from "node:child_process";

/** Programs that show a file in what its owner likes best, by platform. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  win32: ["explorer.exe"],
};

/**
 * Asks the desktop to show a page in its browser, and does not wait for it.
 *
 * @returns whether there was anybody to ask: no display, no browser.
 */
export async function openPage(path: string, env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const seen = process.platform in OPENERS || env.DISPLAY || env.WAYLAND_DISPLAY;
  if (!env.BROWSER && !seen) return false;
  const [program, ...args] = env.BROWSER ? [env.BROWSER] : (OPENERS[process.platform] ?? ["xdg-open"]);
  return new Promise((told) => {
    const child = spawn(program, [...args, path], { detached: true, stdio: "ignore" });
    child.once("error", () => told(false));
    child.once("spawn", () => {
      child.unref();
      told(true);
    });
  });
}
