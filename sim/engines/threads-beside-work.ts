import { availableParallelism } from "node:os";

/** Multiplications in a velocity up to which one thread is about as fast as two. */
const FOR_ONE_THREAD = 5e7;

/** Threads for velocities of a caller that has work for the other cores: two that wait for each other cost both half as much again. */
export function threadsBesideWork(n: number, d: number): number {
  return n * n * d <= FOR_ONE_THREAD ? 1 : availableParallelism();
}
