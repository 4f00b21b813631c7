import { expect, it } from "vitest";
import { z } from "zod";
import { jsonOf, runCli } from "./run-cli.ts";

const run = async (...args: string[]) =>
  jsonOf(await runCli(["mean-field", ...args, "--json"], { cwd: process.cwd() }));

it("phases of USA: coexistence above β_* alone, between the turn and κ_#, with equal energies between", async () => {
  const schema = z.looseObject({
    beta_star: z.number(),
    rows: z.array(
      z.object({
        beta: z.number(),
        critical_kappa: z.number(),
        turn_kappa: z.number().nullable(),
        equal_energy_kappa: z.number().nullable(),
      }),
    ),
  });
  const { beta_star, rows } = schema.parse(await run("phases", "--dynamics", "usa", "--betas", "2,5"));
  expect(beta_star).toBeCloseTo(2.44692, 4);
  // docs/mean-field.md: κ_# = β/I_1.
  expect(rows[0]).toMatchObject({ critical_kappa: expect.closeTo(1.25736, 4), turn_kappa: null });
  expect(rows[1]).toMatchObject({
    critical_kappa: expect.closeTo(0.20546, 5),
    turn_kappa: expect.closeTo(0.1843007, 5),
    equal_energy_kappa: expect.closeTo(0.1879758, 5),
  });
});

it("chaos at d = 3: W1 falls as n^{−1/2}, and the largest over the way is no less than that at its end", async () => {
  const schema = z.looseObject({
    rows: z.array(z.object({ n: z.number(), start: z.number(), w1: z.number(), largest: z.number() })),
  });
  const args = ["chaos", "--d", "3", "--dynamics", "sa", "--beta", "1", "--start", "vmf:2", "--time", "0.5"];
  const { rows } = schema.parse(await run(...args, "--sizes", "100,1600", "--copies", "8", "--looks", "3"));
  for (const { w1, start, largest } of rows) {
    expect(largest).toBeGreaterThanOrEqual(w1);
    expect(largest).toBeGreaterThanOrEqual(start);
  }
  // A sixteenfold n: a quarter, eight draws of some 30 % each are right to 15 %.
  expect(rows[1].w1 / rows[0].w1).toBeGreaterThan(0.25 / 1.8);
  expect(rows[1].w1 / rows[0].w1).toBeLessThan(0.25 * 1.8);
  // Independent angles of standard deviation .75 rad or so: W1 is about .6 of it over √n.
  expect(rows[1].start * 40).toBeGreaterThan(0.2);
  expect(rows[1].start * 40).toBeLessThan(1.2);
});
