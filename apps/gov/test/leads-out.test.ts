import { mkdirSync, symlinkSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { nodeFileSystem } from "@gov/atomic-io";
import { afterEach, describe, expect, it } from "vitest";
import { commandTable } from "../src/command-table.ts";
import { main } from "../src/main.ts";
import { leadsOut } from "../src/serve/leads-out.ts";
import type { Dashboard } from "../src/serve/open-dashboard.ts";
import { apiPath, servedArguments, servedCommands, servedFlags } from "../src/serve/openapi.ts";
import { governed, places } from "./governed.ts";
import { folder, gov, worldIn, write } from "./harness.ts";
import { serveRoot } from "./served.ts";

const open: Dashboard[] = [];

afterEach(async () => {
  for (const dashboard of open.splice(0)) await dashboard[Symbol.asyncDispose]();
});

/** Serves a governed root with a secret beside it, and links that lead there and back. */
async function served(): Promise<{ readonly url: string; readonly root: string; readonly outside: string }> {
  const [root, outside] = [governed(), folder({ "secret.md": "[gone](gone.md) SECRET\n", "plan.md": "# SECRET\n\n- [ ] 1 Take over\n" })];
  symlinkSync(outside, join(root, "plans/out"));
  symlinkSync(join(outside, "plan.md"), join(root, "plans/plan.md"));
  symlinkSync("checklist.md", join(root, "plans/same.md"));
  const dashboard = await serveRoot(root);
  open.push(dashboard);
  return { url: dashboard.url.slice(0, -1), root, outside };
}

async function ask(url: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

const refused = { status: 400, text: expect.stringContaining("leads out of the root") as string };

describe("/api, which asks nothing outside the root that is served", () => {
  it.each([
    ["an absolute path", "/api/digests?arg=/etc/passwd"],
    ["an absolute path of a folder", "/api/lint?arg=/etc"],
    ["a path that goes up", "/api/perf?arg=../x"],
    ["a path that goes up on its way", "/api/perf?arg=plans/../../x"],
    ["a path that goes up, encoded", "/api/perf?arg=%2e%2e%2fx"],
    ["a file that an attestation speaks of", `/api/attest/verify?arg=/etc/passwd&arg=${places.attestation}`],
    ["an attestation", `/api/attest/verify?arg=${places.facts}&arg=/etc/passwd`],
    ["one of many", `/api/digests?arg=${places.facts}&arg=/etc/passwd`],
    ["a log", "/api/audit/verify?arg=/etc/passwd"],
    ["a lockfile", "/api/sbom?arg=../pnpm-lock.yaml"],
    ["a plan", "/api/plan/lint?arg=/etc/passwd"],
    ["a list of waivers", "/api/waiver/import?arg=/etc/passwd"],
    ["standard input", "/api/waiver/import?arg=-"],
    ["a path with NUL", "/api/plan/lint?arg=plans%00"],
    ["a link to a file", "/api/plan/lint?arg=plans/plan.md"],
    ["a link to a folder", "/api/lint?arg=plans/out"],
    ["a file beyond a link", "/api/digests?arg=plans/out/secret.md"],
    ["what is missing beyond a link", "/api/digests?arg=plans/out/missing.md"],
    ["a flag that is no path", "/api/check?since=/etc/passwd"],
    ["a time", "/api/status?as-of=../2026-01-01"],
  ])("refuses %s: %s", async (_, path) => {
    const answer = await ask((await served()).url + path);
    expect(answer).toEqual(refused);
    expect(answer.text).not.toMatch(/SECRET|root:x:/);
  });

  it("refuses it in every argument and every flag with a value of every command, whatever the value is called (ENV-06)", async () => {
    const { url, outside } = await served();
    const asked: string[] = [];
    for (const entry of servedCommands(commandTable)) {
      const command = await entry.load();
      const flags = Object.entries(servedFlags(command, entry)).filter(([, { type }]) => type === "string");
      const names = [...(servedArguments(command) > 0 ? ["arg"] : []), ...flags.map(([name]) => name)];
      for (const name of names) {
        const path = `${apiPath(entry)}?${name}=${encodeURIComponent(join(outside, "plan.md"))}`;
        expect([path, await ask(url + path)]).toEqual([path, refused]);
        asked.push(name);
      }
    }
    expect(asked.length).toBeGreaterThan(50);
  });

  it.each([
    ["an id", "/api/resolve?arg=hydration_rules"],
    ["a path", `/api/plan/lint?arg=${places.checklist}`],
    ["a path with a detour", `/api/plan/lint?arg=./plans/../${places.checklist}`],
    ["a link that stays inside", "/api/plan/lint?arg=plans/same.md"],
    ["a folder", "/api/lint?arg=rules"],
    ["the root itself", "/api/lint?arg=."],
    ["several paths", `/api/digests?arg=${places.facts}&arg=${places.backlog}`],
    ["a time", "/api/check?as-of=2026-11-30T00:00:00Z"],
    ["a day", "/api/status?as-of=2026-11-30"],
    ["a revision", "/api/check?since=HEAD"],
    ["a word with stars, dots and brackets", `/api/plan/lint?arg=${places.checklist}&answer=${encodeURIComponent("R-[0-9]*...")}`],
  ])("still answers %s: %s", async (_, path) => {
    expect(await ask((await served()).url + path)).toMatchObject({ status: 200 });
  });

  it("still answers an absolute path that stays inside", async () => {
    const { url, root } = await served();
    expect(await ask(`${url}/api/plan/lint?arg=${encodeURIComponent(join(root, places.checklist))}`)).toMatchObject({ status: 200 });
  });

  it.each([
    ["a path that goes up", "/../../../../etc/passwd", 404],
    ["an encoded one", "/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404],
    ["one beyond an asset", "/style.css/../../etc/passwd", 404],
    ["another scheme", "file:///etc/passwd", 404],
    ["no path at all", "//", 400],
    ["a name that every object has", "/api/status?constructor=/etc/passwd", 400],
  ])("serves no file as an asset, sent as it is: %s", async (_, path, status) => {
    const { url } = await served();
    const { hostname, port } = new URL(url);
    // Unlike a browser, this leaves the target as it is.
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      request({ hostname, port, path }, (response) => (response.resume(), resolve(response.statusCode)))
        .on("error", reject)
        .end();
    });
    expect(answer).toBe(status);
  });
});

describe("gov serve --config", () => {
  it("asks about the root that it was started for, by its configuration, and not about one above", async () => {
    const above = governed();
    write(above, "inner/readme.md", "# Inner\n");
    write(above, "elsewhere.yaml", "version: 1\npreset: governance\n");
    let [told, answer]: [string, unknown] = ["", null];
    const err = (text: string): void => void (told += text);
    const untilStopped = async (): Promise<void> => {
      answer = await (await fetch(`${String(/http:\S+/.exec(told)?.[0])}api/config`)).json();
    };
    const argv = ["serve", "--root", "inner", "--config", "elsewhere.yaml", "--port", "0"];
    const terminal = { out: () => undefined, err, colour: false, isWatched: false, columns: 80 };
    await main(argv, { version: "0.0.0-test", world: () => ({ ...worldIn(above), untilStopped }) }, terminal);
    const configIn = async (...flags: string[]) => (await gov(join(above, "inner"), "config", ...flags, "--format", "json")).json();
    expect(answer).toEqual(await configIn("--root", ".", "--config", "../elsewhere.yaml"));
    expect(answer).not.toEqual(await configIn());
  });
});

describe("leadsOut()", () => {
  it("judges by where the root really is when the root itself is a link", async () => {
    const [real, place] = [folder({ "a.md": "" }), folder()];
    symlinkSync(real, join(place, "root"));
    const root = { directory: join(place, "root"), fs: nodeFileSystem };
    expect(await Promise.all(["a.md", "missing/b.md", ".", "", "..notes"].map((word) => leadsOut(word, root)))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(await Promise.all([place, join(place, "a.md"), "..", "../root2/a.md"].map((word) => leadsOut(word, root)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it("takes no folder whose name begins with that of the root for the root", async () => {
    const place = folder();
    mkdirSync(join(place, "root"));
    write(place, "rootless/a.md", "");
    expect(await leadsOut(join(place, "rootless/a.md"), { directory: join(place, "root"), fs: nodeFileSystem })).toBe(true);
  });
});
