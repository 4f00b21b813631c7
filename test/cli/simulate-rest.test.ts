import { describe, expect, it } from "vitest";
import { z } from "zod";
import { jsonOf, runCli } from "./run-cli.ts";

const cwd = process.cwd();
const SQUARE = "0,1.5707963267948966,3.141592653589793,4.71238898038469";
const rest = z.object({ at_rest: z.boolean(), speed: z.number(), rates: z.array(z.number()).nullable() });
const schema = z.looseObject({
  states: z.array(z.array(z.array(z.number()))),
  mean_cosine: z.array(z.number()),
  events: z.array(z.object({ time: z.number() })).optional(),
  rest: z.object({ start: rest, end: rest }),
});
const run = (...args: string[]) => runCli(["simulate", ...args], { cwd });
const simulate = async (...args: string[]) => schema.parse(jsonOf(await run(...args, "--states", "--json")));

describe("clouds that rest", () => {
  it("an equilibrium that is unstable is called so, with its fastest rate", async () => {
    const { out, said } = await run("--dynamics", "sa", "--beta", "4", "--angles", SQUARE, "--times", "0,50");
    // theory rings --k 4 --beta 4: λ_2 = .2826.
    expect(out.at(-1)).toMatch(/^at rest \(speed .*\), unstable, fastest rate 0\.2826$/);
    expect(said).toEqual([]);
  });

  it("a cloud that left one by rounding alone is warned of", async () => {
    const { said } = await run("--dynamics", "sa", "--beta", "4", "--angles", SQUARE, "--times", "0,500");
    expect(said).toEqual([
      expect.stringMatching(/^rounding decided: .*fastest rate 0\.2826, .*from time 110 or so on/),
    ]);
  });

  it("a point is stable, and what moves is not called at rest", async () => {
    const point = await run("--dynamics", "sa", "--beta", "1", "--angles", "0.3,0.3,0.3", "--times", "0,1");
    expect(point.out.at(-1)).toMatch(/^at rest .*, stable$/);
    const moving = await run("--dynamics", "sa", "--beta", "1", "--angles", "0.3,1", "--times", "0,1");
    expect(moving.out.at(-1)).toMatch(/^reached the end/);
  });

  it("hardmax wants no β and says where ties freeze it", async () => {
    const { code, out } = await run("--dynamics", "hardmax", "--angles", SQUARE, "--times", "0,1");
    expect(code).toBe(0);
    expect(out.at(-1)).toMatch(/^at rest .*: the nearest tokens of each tie and cancel$/);
  });

  it("an event that holds at the start is said to, and is none", async () => {
    const { said, out } = await run(
      ...["--dynamics", "sa", "--beta", "1", "--angles", "0,0.1", "--times", "0,9"],
      ...["--until", "mean-cosine=0.9"],
    );
    expect(said).toEqual([
      "mean cosine 0.9: so at the start already, which is no event. it counts where it happens again",
    ]);
    expect(out.join()).not.toContain("at time");
  });
});

describe("times in units of e^-beta", () => {
  const start = ["--dynamics", "usa", "--angles", "0,1,2.5"];

  it("are those of the equation times e^β, events and rates too", async () => {
    const until = ["--event", "mean-cosine=0"];
    const plain = await simulate(...start, ...until, "--beta", "3", "--times", `0,${2 * Math.exp(-3)}`);
    const scaled = await simulate(...start, ...until, "--beta", "3", "--times", "0,2", "--time-unit", "exp");
    scaled.states[1].flat().forEach((value, e) => void expect(value).toBeCloseTo(plain.states[1].flat()[e], 9));
    expect(scaled.events?.[0].time).toBeCloseTo(Math.exp(3) * Number(plain.events?.[0].time), 8);
    expect(scaled.rest.start.speed).toBeCloseTo(Math.exp(-3) * plain.rest.start.speed, 12);
  });

  it("reach where e^β overflows, at a rate of order 1", async () => {
    // Two tokens close together: φ̇ = −sin φ e^{β(cos φ − 1)} in these units, φ e^{−t} as φ → 0.
    const { states } = await simulate(
      ...["--dynamics", "usa", "--beta", "2000", "--angles", "0,1e-4", "--times", "0,1", "--time-unit", "exp"],
    );
    const [a, b] = states[1];
    // β φ²/2 = 1e-5 is what the kernel's width leaves of the rate.
    expect((b[1] - a[1]) * 1e4 * Math.E).toBeCloseTo(1, 4);
  });

  it("are for USA and the like alone", async () => {
    const { code, failed } = await run(
      ...["--dynamics", "sa", "--beta", "1", "--angles", "0,1", "--times", "1", "--time-unit", "exp"],
    );
    expect({ code, failed }).toEqual({
      code: 2,
      failed: ["error: time unit: exp of sa. it is for usa and the like: use one"],
    });
  });
});
