import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { besideCopy, javascriptCopy } from "../javascript-copy.ts";

it("the library can be required: nothing that it loads at its head waits", async () => {
  const folder = besideCopy(await javascriptCopy(["src/index.ts"]));
  writeFileSync(join(folder, "program.cjs"), 'console.log(typeof require("../src/index.js").renderSvg);');
  // An earlier Node 20 says that this is new there.
  const printed = execFileSync(process.execPath, ["--no-warnings", join(folder, "program.cjs")], { encoding: "utf8" });
  expect(printed.trim()).toBe("function");
});
