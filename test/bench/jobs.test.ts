import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runJobs } from "../../bench/jobs.mjs";

const folder = mkdtempSync(join(tmpdir(), "jobs-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("jobs of a bench", () => {
  const worker = new URL("./squaring-worker.mjs", import.meta.url);
  const jobs = [1, 2, 3, 4].map((id) => ({ id }));
  const options = { worker, file: join(folder, "rows.jsonl"), processes: 2, build: "one", say: () => {} };
  const rowsOf = (lines: readonly { row: unknown }[]) => lines.map(({ row }) => row);

  it("go on where they were cut off, and repeat nothing of the same build", async () => {
    expect(rowsOf(await runJobs({ ...options, jobs: jobs.slice(0, 2) }))).toEqual([1, 4]);
    appendFileSync(options.file, '{"id":3,"build":"one","ro');
    expect(rowsOf(await runJobs({ ...options, jobs }))).toEqual([1, 4, 9, 16]);
    expect(readFileSync(options.file, "utf8").trim().split("\n").length).toBe(4);
  });

  it("are done again for another build", async () => {
    await runJobs({ ...options, jobs: jobs.slice(0, 1), build: "two" });
    expect(readFileSync(options.file, "utf8").trim().split("\n").length).toBe(5);
  });

  it("fail by name, and those beside them are kept", async () => {
    const failing = runJobs({ ...options, jobs: [{ id: 5 }, { id: -1 }, { id: 0 }] });
    const { message } = await failing.then(
      () => new Error("none failed"),
      (error: Error) => error,
    );
    expect(message).toContain("-1: Error: negative");
    expect(message).toContain("0: the process ended (3)");
    expect(readFileSync(options.file, "utf8")).toContain('"row":25');
  });
});
