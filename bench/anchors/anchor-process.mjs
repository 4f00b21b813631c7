// Python programs that answer one line of JSON with one line of JSON, kept running so that measurements can alternate.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The path of a program beside this one. */
export const anchorPath = (script) => fileURLToPath(new URL(script, import.meta.url));

/**
 * Starts an anchor, a script of this folder with its arguments: its version and `ask`; or null where the interpreter or a
 * library is missing.
 */
export function startAnchor(python, script, ...args) {
  const child = spawn(python, [anchorPath(script), ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = [];
  let fail;
  const gone = new Promise((_, reject) => {
    fail = reject;
  });
  gone.catch(() => {});
  child.on("error", fail);
  child.on("exit", (code) => fail(new Error(`anchor ${[script, ...args].join(" ")} ended with status ${code}`)));
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(JSON.parse(line)));
  const answer = () => Promise.race([gone, new Promise((resolve) => waiting.push(resolve))]);
  const ask = (question) => {
    const reply = answer();
    child.stdin.write(`${JSON.stringify(question)}\n`);
    return reply;
  };
  return answer().then(
    ({ version }) => ({ version, ask, close: () => child.stdin.end() }),
    () => null,
  );
}
