import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { retryAfter } from "../../models/hub/request.ts";
import { hubSettings } from "../../models/hub/settings.ts";

let home = "";
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "tokensphere-hub-"));
  await writeFile(join(home, "token"), " stored \n");
});
afterAll(() => rm(home, { recursive: true }));

describe("the settings of the hub", () => {
  it("are those of huggingface_hub where nothing is set", async () => {
    expect(await hubSettings({ HF_TOKEN_PATH: join(home, "none") })).toEqual({
      endpoint: "https://huggingface.co",
      cache: join(homedir(), ".cache/huggingface/hub"),
      token: null,
      offline: false,
    });
  });

  it.each([
    ["HF_HUB_CACHE", { HF_HUB_CACHE: "/c", HF_HOME: "/h" }, "/c"],
    ["HF_HOME", { HF_HOME: "/h", XDG_CACHE_HOME: "/x" }, "/h/hub"],
    ["XDG_CACHE_HOME", { XDG_CACHE_HOME: "/x" }, "/x/huggingface/hub"],
    ["a tilde", { HF_HOME: "~/hf" }, join(homedir(), "hf/hub")],
  ])("keep files where %s says", async (_, env, cache) => {
    expect((await hubSettings(env)).cache).toBe(join(cache));
  });

  it("take the token of HF_TOKEN before that of a login, and none where that is unwanted", async () => {
    expect((await hubSettings({ HF_HOME: home })).token).toBe("stored");
    expect((await hubSettings({ HF_HOME: home, HF_TOKEN: "named\r\n" })).token).toBe("named");
    expect((await hubSettings({ HF_HOME: home, HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" })).token).toBeNull();
  });

  it.each(["1", "true", "YES", "on"])("are offline at HF_HUB_OFFLINE=%s", async (value) => {
    expect((await hubSettings({ HF_HOME: home, HF_HUB_OFFLINE: value })).offline).toBe(true);
    expect((await hubSettings({ HF_HOME: home, HF_HUB_OFFLINE: "0" })).offline).toBe(false);
  });
});

describe("Retry-After", () => {
  const date = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toUTCString();
  it.each([
    [{ "Retry-After": "3" }, 3000],
    [{ "Retry-After": date(9), Date: date(4) }, 5000],
    [{ "Retry-After": date(4), Date: date(9) }, 0],
    [{ "Retry-After": date(4) }, null],
    [{ "Retry-After": "soon" }, null],
    [{}, null],
  ] as const)("%j is %s ms", (headers, expected) => {
    expect(retryAfter(new Headers(headers))).toBe(expected);
  });
});
