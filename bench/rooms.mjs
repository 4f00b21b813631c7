// Files, folders, lines and arrows of every floor, and the knots that the shape test forbids, as a Markdown table.
// node bench/rooms.mjs [OTHER]     with OTHER, another checkout of the project (an earlier commit, say), that one before this one
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { FLOORS, filesByFolder, floorOf, knots, readHouse, roomOf } from "../test/shape/structure.mjs";

const HERE = resolve(import.meta.dirname, "..");

/** What is counted of one floor. */
function countFloor(root, house, floor) {
  const files = house.files.filter((file) => floorOf(file) === floor);
  const arrows = house.arrows.filter(({ from }) => floorOf(from) === floor);
  const folders = [...filesByFolder({ ...house, files })];
  return [
    files.length,
    folders.length,
    Math.max(...folders.map(([, count]) => count)),
    folders.find(([folder]) => folder === floor)?.[1] ?? 0,
    files.reduce((sum, file) => sum + readFileSync(join(root, file), "utf8").split("\n").length - 1, 0),
    arrows.length,
    arrows.filter(({ from, to }) => dirname(from) !== dirname(to)).length,
    knots(arrows, (path) => path).length,
    knots(arrows, roomOf).length,
  ];
}

const COLUMNS = [
  "files",
  "folders",
  "in the fullest",
  "at its root",
  "lines",
  "arrows",
  "between folders",
  "circles of files",
  "knots of rooms",
];
const roots = [...process.argv.slice(2).map((root) => resolve(root)), HERE];
const counts = roots.map((root) => {
  const house = readHouse(root);
  return FLOORS.map((floor) => countFloor(root, house, floor));
});
console.log(`| floor | ${COLUMNS.join(" | ")} |`);
console.log(`|---|${COLUMNS.map(() => "---:").join("|")}|`);
for (const [f, floor] of FLOORS.entries()) {
  const cells = COLUMNS.map((_, c) => counts.map((root) => root[f][c]).join(" → "));
  console.log(`| ${floor} | ${cells.join(" | ")} |`);
}
