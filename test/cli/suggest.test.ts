import { describe, expect, it } from "vitest";
import { suggest } from "../../src/command-line/suggest.ts";

const COMMANDS = ["compare", "probe", "fit", "theory", "theory growth"];
const exists = (word: string) => ["a.onnx", "a.txt", "b.txt"].includes(word);
const many = (command: string) => `error: too many arguments for '${command}'. Expected 1 argument but got 3.`;

describe("a command line that is refused", () => {
  it.each<[string, string, string]>([
    ["a.onnx", "error: unknown command 'a.onnx'", "to measure it: tokensphere compare a.onnx"],
    ["a.txt", "error: unknown command 'a.txt'", "to measure its text: tokensphere compare --text-file a.txt"],
    ["nonsense", "error: unknown command 'nonsense'", "see tokensphere --help"],
    ["comapre", "error: unknown command 'comapre' (Did you mean compare?)", ""],
    ["theory nonsense", "error: unknown command 'nonsense'", "see tokensphere theory --help"],
    [
      "theory growth --d 2",
      "error: required option '--beta <number>' not specified",
      "see tokensphere theory growth --help",
    ],
    ["probe --measures x", "error: unknown option '--measures'", "see tokensphere probe --help"],
    ["probe --text", "error: option '--text <text>' argument missing", "see tokensphere probe --help"],
    ["fit", "error: missing required argument 'states'", "see tokensphere fit --help"],
    ["fit a b", many("fit"), "see tokensphere fit --help"],
    ["probe the cat sat", many("probe"), 'a text wants quotes: tokensphere probe --text "the cat sat"'],
    [
      "probe --text Call me Ishmael -q",
      many("probe"),
      'a text wants quotes: tokensphere probe --text "Call me Ishmael"',
    ],
    ["probe --text-file a.txt b.txt", many("probe"), "each file wants its flag: --text-file a.txt --text-file b.txt"],
    ["probe a.txt b.txt", many("probe"), "each file wants its flag: --text-file a.txt --text-file b.txt"],
    ["probe --text-file x y z", many("probe"), "see tokensphere probe --help"],
    ["fit --bootstrap x", "error: option '--bootstrap <number>' argument 'x' is invalid. --bootstrap wants …", ""],
  ])("is answered with what was meant, or where to read: %s", (line, message, answer) => {
    expect(suggest(message, line.split(" "), exists, COMMANDS)).toBe(answer);
  });
});
