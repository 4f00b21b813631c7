// Python programs that answer one line of JSON with one line of JSON, kept running so that measurements can alternate.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("velocity.py", import.meta.url));

/**
 * Starts one library's anchor: its name, version and `ask`; or null where the interpreter or the library is missing.
 */
export function startAnchor(python, library) {
  const child = spawn(python, [SCRIPT, library], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = [];
  let fail;
  const gone = new Promise((_, reject) => {
    fail = reject;
  });
  gone.catch(() => {});
  child.on("error", fail);
  child.on("exit", (code) => fail(new Error(`anchor ${library} ended with status ${code}`)));
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(JSON.parse(line)));
  const answer = () => Promise.race([gone, new Promise((resolve) => waiting.push(resolve))]);
  const ask = (question) => {
    const reply = answer();
    child.stdin.write(`${JSON.stringify(question)}\n`);
    return reply;
  };
  return answer().then(
    ({ version }) => ({ library, version, ask, close: () => child.stdin.end() }),
    () => null,
  );
}
