import { closeSync, fsyncSync, mkdtempSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { TokensphereError } from "../../models/errors.ts";
import { openLineFile } from "../../src/run/line-file.ts";

// What another file of this process has loaded is loaded anew, with what is put in place here.
vi.hoisted(() => vi.resetModules());
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const { closeSync, fsyncSync, writeSync } = real;
  return { ...real, closeSync: vi.fn(closeSync), fsyncSync: vi.fn(fsyncSync), writeSync: vi.fn(writeSync) };
});

const folder = mkdtempSync(join(tmpdir(), "tokensphere-lines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => void vi.clearAllMocks());

const path = join(folder, "lines.csv");

function failure(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}

describe("a file of lines", () => {
  it("has all that was written where the system takes a few bytes at a time, in the midst of letters too", async () => {
    const { writeSync: real } = await vi.importActual<typeof import("node:fs")>("node:fs");
    const few = (file: number, bytes: Uint8Array, from: number) =>
      real(file, bytes, from, Math.min(3, bytes.length - from));
    vi.mocked(writeSync).mockImplementation(few as typeof writeSync);
    const file = openLineFile(path);
    file.write("β,κ\n");
    file.write("");
    file.write("0.5,→\n");
    file.close();
    vi.mocked(writeSync).mockImplementation(real);
    expect(readFileSync(path, "utf8")).toBe("β,κ\n0.5,→\n");
  });

  it("is closed where what was written does not reach the disk, which is told", () => {
    const file = openLineFile(path);
    vi.mocked(fsyncSync).mockImplementationOnce(() => {
      throw new Error("EIO");
    });
    const error = failure(() => file.close());
    expect(error).toBeInstanceOf(TokensphereError);
    expect(error).toMatchObject({
      kind: "disk",
      message: `cannot write: ${path}. check the folder and the space left`,
    });
    expect(closeSync).toHaveBeenCalledTimes(1);
    file.close();
    expect(closeSync).toHaveBeenCalledTimes(1);
  });
});
