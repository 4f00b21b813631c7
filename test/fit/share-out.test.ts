import { expect, it } from "vitest";
import { shareOut } from "../../src/fit/share-out.ts";

const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

it("whoever is free does what waits, one thing at a time, what is urgent first", async () => {
  let open = (): void => {};
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  const share = shareOut(["slow", "fast"]);
  const begun: string[] = [];
  const give = (item: string, urgent = false) =>
    share(async (place) => {
      begun.push(item);
      await (place === "slow" ? held : soon());
      return `${item} by ${place}`;
    }, urgent);
  const done = Promise.all([give("a"), give("b"), give("c"), give("d", true)]);
  for (let i = 0; i < 20; i++) await soon();
  expect(begun).toEqual(["a", "b", "d", "c"]);
  open();
  expect(await done).toEqual(["a by slow", "b by fast", "c by fast", "d by fast"]);
});

it("a place that has nothing to do is told so while others are still at work, and not while work waits", async () => {
  let open = (): void => {};
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  const idle: string[] = [];
  const share = shareOut(["slow", "fast"], (place) => void idle.push(place));
  const work = (place: string) => (place === "slow" ? held : soon());
  const all = [share(work), share(work), share(work)];
  // When the first was given out the second place had nothing yet.
  expect(idle.splice(0)).toEqual(["fast"]);
  await all[2];
  await soon();
  expect(idle).toEqual(["fast"]);
  open();
  await Promise.all(all);
});

it("nobody is told where one failed, and what waits is not begun: it is not wanted", async () => {
  const idle: string[] = [];
  let begun = 0;
  const share = shareOut(["other", "failing"], (place) => void idle.push(place));
  const work = async (place: string) => {
    begun++;
    if (place === "failing") throw new Error("no");
    await soon();
  };
  const all = [share(work), share(work), share(work), share(work)];
  idle.length = 0;
  await expect(Promise.race(all.slice(1, 2))).rejects.toThrow("no");
  for (let i = 0; i < 5; i++) await soon();
  expect([begun, idle]).toEqual([2, []]);
});
