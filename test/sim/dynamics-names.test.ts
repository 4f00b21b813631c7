import { describe, expect, it } from "vitest";
import { DYNAMICS, findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { memberNamed } from "../../sim/dynamics/member-named.ts";

describe("the name of a dynamics", () => {
  it("may be written with hyphens and capitals", () => {
    expect(findDynamics("SA")).toBe(DYNAMICS.sa);
    expect(findDynamics("Sa-nGPT")).toBe(DYNAMICS.sa_ngpt);
    expect(() => findDynamics("toString")).toThrow("dynamics: toString. use hardmax, kuramoto, mean_shift, ");
  });

  it("is that of one that is called exactly so, before any other spelling", () => {
    const [first, second] = [{ name: "my_law" }, { name: "My-Law" }];
    expect(memberNamed([first, second], "My-Law")).toBe(second);
    expect(memberNamed([first, second], "MY_LAW")).toBe(first);
    expect(memberNamed([first, second], "my law")).toBeUndefined();
  });

  it("is that under which the table has it, in the order of the alphabet", () => {
    const names = Object.keys(DYNAMICS);
    expect(Object.values(DYNAMICS).map(({ name }) => name)).toEqual(names);
    expect(names).toEqual([...names].sort());
  });
});

describe("dynamics in layers", () => {
  it("flow as one that reads matrices for each layer, and that goes in layers alike", () => {
    const layered = Object.values(DYNAMICS).flatMap(({ layered: form }) => (form ? [form] : []));
    expect(layered).toHaveLength(10);
    for (const form of layered) {
      // Those without have no matrices: they are their own flow.
      if (form.flow === undefined) continue;
      const flow = findDynamics(form.flow);
      expect({ reads: Object.keys(flow.parameters), form: flow.layered }).toEqual({ reads: ["layers"], form });
    }
  });
});
