import { describe, expect, it } from "vitest";
import { TokensphereError } from "../../models/errors.ts";

describe("a message", () => {
  it.each([
    ["a full stop", "no such file: Call me Ishmael.. check the path", "no such file: Call me Ishmael. check the path"],
    ["dots", "no such file: Wait.... check the path", "no such file: Wait... check the path"],
    ["a cut", "no such file: Call me I…. check the path", "no such file: Call me I… check the path"],
    ["a question mark", "no such file: Who?. check the path", "no such file: Who? check the path"],
    ["a full stop at the very end", "cannot be read: it is cut..", "cannot be read: it is cut."],
    ["the folder .", "no run: .. give a folder", "no run: . give a folder"],
    ["the folder ..", "no run: ... give a folder", "no run: .. give a folder"],
  ])("ends its sentences once where the value is or ends in %s", (_, message, told) => {
    expect(new TokensphereError("input", message).message).toBe(told);
  });

  it.each([
    "no such file: ../states.npz. check the path",
    "a link out of the folder: a/.. leads there. copy the file",
    "times: 0:1:20. use 0..1, of 2 numbers at least",
  ])("is left alone otherwise: %s", (message) => {
    expect(new TokensphereError("input", message).message).toBe(message);
  });
});
