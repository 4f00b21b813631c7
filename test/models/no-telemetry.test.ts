import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { besideCopy, javascriptCopy } from "../javascript-copy.ts";
import { SKIPS } from "../skips.ts";

const CLI = fileURLToPath(new URL("../../dist/src/cli.js", import.meta.url));

/** Every door to ONNX Runtime: what opens models, what simulates, and the tokenizers' library, which loads it too. */
const DOORS = ["models/onnx/runtime", "models/inputs/transformers", "models/onnx/session", "sim/index", "models/index"];

/**
 * By these ONNX Runtime knows a build machine, on which it stays silent by itself (its posix telemetry.cc): without
 * them the test could not fail there, nor its control pass.
 */
const BUILD_MACHINES = [
  "CI",
  "TF_BUILD",
  "GITHUB_ACTIONS",
  "GITLAB_CI",
  "CIRCLECI",
  "TRAVIS",
  "JENKINS_URL",
  "CODEBUILD_BUILD_ID",
  "BUILDKITE",
  "TEAMCITY_VERSION",
  "APPVEYOR",
  "BITBUCKET_BUILD_NUMBER",
];

/** The variables of a user's own machine who never heard of the switch. */
function userEnvironment(): NodeJS.ProcessEnv {
  const unwanted = new Set(["ORT_DISABLE_TELEMETRY", ...BUILD_MACHINES]);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.has(name)));
}

/** Says what the switch is at the moment at which the library's own code is loaded, which reads it then. */
const WATCH = `const open = process.dlopen;
process.dlopen = function (module, file, ...rest) {
  if (/onnxruntime/.test(file)) console.log(process.env.ORT_DISABLE_TELEMETRY ?? "not set");
  return open.call(this, module, file, ...rest);
};`;

let folder: string;
beforeAll(async () => {
  folder = besideCopy(await javascriptCopy(DOORS.map((name) => `${name}.ts`)));
  writeFileSync(join(folder, "watch.cjs"), WATCH);
});

/** What the switch was each time a program loaded ONNX Runtime. */
function switchAtLoad(program: string): string[] {
  writeFileSync(join(folder, "program.js"), program);
  const place = { cwd: folder, env: userEnvironment() };
  const printed = execFileSync(process.execPath, ["--require", "./watch.cjs", "program.js"], place);
  return printed.toString().trim().split("\n");
}

describe("ONNX Runtime's telemetry", () => {
  it.each(DOORS)("is off behind %s", (door) => {
    expect(switchAtLoad(`import "../${door}.js";\nimport "onnxruntime-node";`)).toEqual(["1"]);
  });

  it("would be on without us", () => {
    expect(switchAtLoad(`import "onnxruntime-node";`)).toEqual(["not set"]);
  });

  const traced = () =>
    existsSync("/usr/bin/strace") ? ["strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o"] : [];

  /** What a sweep with helpers of its own leaves in the user's cache and the temporary folder, and whom it spoke to where that is seen. */
  function traces(more: Readonly<Record<string, string>>): {
    readonly files: readonly string[];
    readonly hosts: boolean;
  } {
    const home = mkdtempSync(join(tmpdir(), "tokensphere-home-"));
    const places = { HOME: home, XDG_CACHE_HOME: join(home, "cache"), TMPDIR: join(home, "tmp") };
    const size = ["--dynamics", "sa", "--n", "4", "--d", "3", "--betas", "1,2", "--times", "0,1", "--seeds", "300"];
    const log = join(home, "calls.strace");
    const strace = traced();
    const [program, ...args] = [
      ...strace,
      ...(strace.length > 0 ? [log] : []),
      process.execPath,
      CLI,
      "sweep",
      ...size,
    ];
    mkdirSync(places.TMPDIR);
    execFileSync(program!, [...args, "--workers", "2"], {
      env: { ...userEnvironment(), ...places, ...more },
      stdio: "pipe",
    });
    const files = readdirSync(home, { recursive: true })
      .map(String)
      .filter((name) => /mat-debug|deviceid|\.db|\.ses/.test(name));
    const hosts = existsSync(log) && /AF_INET/.test(readFileSync(log, "utf8"));
    rmSync(home, { recursive: true });
    return { files, hosts };
  }

  it.skipIf(SKIPS.built.skipped)(
    "leaves nothing behind and asks no host, in the program and in processes that help it",
    () => {
      expect(traces({})).toEqual({ files: [], hosts: false });
      // Where the user wants it: a log, an id and a queue.
      expect(traces({ ORT_DISABLE_TELEMETRY: "0" }).files.length).toBeGreaterThan(1);
    },
    30_000,
  );
});
