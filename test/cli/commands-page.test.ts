import { expect, it } from "vitest";
import { commandsPage } from "../../bench/docs/commands-page.mjs";
import { manPage } from "../../bench/docs/man-page.mjs";
import { VERSION } from "../../src/effects/version.ts";
import { buildProgram } from "../../src/program.ts";
import { fakeEffects } from "./run-cli.ts";

it("docs/commands.md is what the program says: npm run build && node bench/docs.mjs, or this test with -u", async () => {
  const program = buildProgram(fakeEffects({ cwd: "/" }, { out: [], failed: [], said: [] }), []);
  const page = commandsPage(program);
  expect(page).toContain("## tokensphere mean-field bifurcation");
  await expect(page).toMatchFileSnapshot("../../docs/commands.md");
});

it("docs/tokensphere.1 is what the program says, likewise, and nothing in it is taken for a request of roff", async () => {
  const page = manPage(buildProgram(fakeEffects({ cwd: "/" }, { out: [], failed: [], said: [] }), []), VERSION);
  expect(page.match(/^\.SS /gm)!.length).toBeGreaterThan(10);
  for (const line of page.split("\n")) expect(line).toMatch(/^(\.(TH|SH|SS|TP|B|I)\b.*|[^.'].*|)$/);
  await expect(page).toMatchFileSnapshot("../../docs/tokensphere.1");
});
