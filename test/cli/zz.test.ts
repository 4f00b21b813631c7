import { it } from "vitest";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unpackFixtures } from "../models/unpack-fixtures.ts";
import { runCli } from "./run-cli.ts";
it("x", async () => {
  const fx = await unpackFixtures("bert","gpt2","albert");
  const cwd = mkdtempSync("/tmp/ts-cli-");
  const bert = join(fx.folder, "bert/model.onnx"), inputs = join(fx.folder, "bert/inputs.json");
  let t = performance.now();
  const lap = (s: string) => { console.log(s, Math.round(performance.now()-t)); t = performance.now(); };
  const show = (r: any) => console.log(r.code, r.out.map((l: string)=>l.slice(0,600)), r.failed, r.said);
  show(await runCli(["inspect", bert, "--json"], {cwd})); lap("inspect");
  show(await runCli(["probe", bert, "--inputs", inputs, "--out", "run", "--save-states"], {cwd})); lap("probe");
  console.log(readdirSync(join(cwd,"run")), readFileSync(join(cwd,"run/metrics.csv"),"utf8").slice(0,1500));
  console.log(readFileSync(join(cwd,"run/manifest.json"),"utf8"));
  show(await runCli(["fit", "run", "--json", "--bootstrap", "5"], {cwd})); lap("fit");
  show(await runCli(["compare", bert, "--inputs", inputs, "--out", "cmp", "--bootstrap", "5", "--json"], {cwd})); lap("compare");
  show(await runCli(["report", "cmp", "--out", "cmp2"], {cwd})); lap("report");
  show(await runCli([], {cwd}));
  show(await runCli(["probe"], {cwd}));
  show(await runCli(["probe", "--help"], {cwd}));
  for (const args of [["nope"],["probe",bert],["probe",bert,"--text",""],["probe",bert,"--text","hello"],["probe",bert,"--inputs",inputs,"--out","/proc/x/y"],["simulate","--dynamics","sa","--beta","NaN","--n","3","--d","2","--times","0"],["simulate","--dynamics","sa","--beta","1","--n","0","--d","2","--times","0"],["simulate","--dynamics","sa","--beta","1","--n","3","--d","2","--times","1,0"],["fit","run","--bootstrap","-1"],["fit","run","--wat"],["report","nope"], ["simulate","--dynamics","sa"], ["simulate","--dynamics","xx","--beta","1","--times","0"],["fit"],["inspect", bert, "--dtype", "foo"],["inspect","a/b","--json"],["probe",bert,"--inputs",inputs,"--thresholds","5"],["probe",bert,"--inputs",inputs,"--beta","-3"],["simulate","--dynamics","sa","--beta","-1","--n","3","--d","2","--times","0"],["simulate","--dynamics","sa","--beta","1","--n","1","--d","2","--times","0,1","--json"],["simulate","--dynamics","sa","--beta","1","--n","3","--d","1","--times","0,1","--json"],["simulate","--dynamics","sa","--beta","1","--n","3","--d","2","--times","0,1","--json","--method","foo"],["simulate","--dynamics","sa","--beta","0","--n","3","--d","2","--times","0,1","--json","--method","rk4","--step","0.1"],["simulate","--dynamics","usa","--beta","5000","--n","3","--d","2","--times","0,1","--json"]]) { console.log(args.slice(0,1).concat(args.slice(2)).join(" ")); show(await runCli(args, {cwd})); }
  await fx.remove();
}, 300000);
