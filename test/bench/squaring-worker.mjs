// A worker of jobs.test.ts: squares, refuses what is negative and dies of 0.
import { answer } from "../../bench/jobs.mjs";

answer(({ id }) => {
  if (id < 0) throw new Error("negative");
  if (id === 0) process.exit(3);
  return id * id;
});
