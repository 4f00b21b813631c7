import { expect, it } from "vitest";
import { shareOut } from "../../src/fit/workshop.ts";

const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

it("the place that first has nothing left is told, once, while others are still at work", async () => {
  let open = (): void => {};
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  const spare: string[] = [];
  const done = shareOut(
    ["slow", "fast"],
    [0, 1, 2],
    async (place, item) => {
      await (place === "slow" ? held : soon());
      return `${item} by ${place}`;
    },
    () => false,
    (place) => spare.push(place),
  );
  for (let i = 0; i < 20; i++) await soon();
  expect(spare).toEqual(["fast"]);
  open();
  expect(await done).toEqual(["0 by slow", "1 by fast", "2 by fast"]);
  expect(spare).toEqual(["fast"]);
});

it("nobody is told where one failed: what comes after is not wanted", async () => {
  const spare: string[] = [];
  const work = async (place: string) => {
    if (place === "failing") throw new Error("no");
    await soon();
  };
  const tell = (place: string) => void spare.push(place);
  await expect(shareOut(["other", "failing"], [0, 1, 2], work, undefined, tell)).rejects.toThrow("no");
  for (let i = 0; i < 5; i++) await soon();
  expect(spare).toEqual([]);
});
