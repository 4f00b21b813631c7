import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { floorOf, readHouse, roomOf } from "./structure.mjs";

const ROOT = resolve(import.meta.dirname, "../..");
const { files, arrows } = readHouse(ROOT);

/** Files at a floor's root that all of it stands on. */
const GROUND = ["models/errors.ts", "models/random.ts", "probes/cloud.ts"];

/** Rooms and what the page says that they import, within their floor. */
const said = new Map(
  [...readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8").matchAll(/^\| `([^`]+)` \|[^|]+\| ([^|]+) \|$/gm)].map(
    ([, room, imports]) => [room, [...imports.matchAll(/`([^`]+)`/g)].map(([, name]) => `${floorOf(room)}/${name}`)],
  ),
);

it("ARCHITECTURE.md has every room, and no other", () => {
  const rooms = new Set(files.map(roomOf).filter((room) => !room.endsWith(".ts")));
  expect([...said.keys()].sort()).toEqual([...rooms].sort());
});

it("no room imports what its row in ARCHITECTURE.md does not name", () => {
  const within = arrows
    .map(({ from, to }) => [roomOf(from), roomOf(to)] as const)
    .filter(([from, to]) => from !== to && said.has(from) && floorOf(from) === floorOf(to) && !GROUND.includes(to));
  const unsaid = within.filter(([from, to]) => !said.get(from)?.includes(to)).map(([from, to]) => `${from} -> ${to}`);
  expect(within.length).toBeGreaterThan(100);
  expect([...new Set(unsaid)]).toEqual([]);
});
