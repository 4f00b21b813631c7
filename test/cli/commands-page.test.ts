import { expect, it } from "vitest";
import { commandsPage } from "../../bench/docs/commands-page.mjs";
import { buildProgram } from "../../src/program.ts";
import { fakeEffects } from "./run-cli.ts";

it("docs/commands.md is what the program says: npm run build && node bench/docs.mjs, or this test with -u", async () => {
  const program = buildProgram(fakeEffects({ cwd: "/" }, { out: [], failed: [], said: [] }), []);
  const page = commandsPage(program);
  expect(page).toContain("## tokensphere mean-field bifurcation");
  await expect(page).toMatchFileSnapshot("../../docs/commands.md");
});
