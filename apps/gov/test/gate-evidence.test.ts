import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { digestBytes } from "@gov/schema/canonical";
import { afterEach, describe, expect, it } from "vitest";
import type { World } from "../src/context.ts";
import { httpGet } from "../src/http-get.ts";
import { runModule } from "../src/run-module.ts";
import { cycle, governed, places } from "./governed.ts";
import { folder, gov, govWith, write } from "./harness.ts";

const rulebook = (root: string, more: string) =>
  write(root, "rulebook.yaml", `${readFileSync(join(root, "rulebook.yaml"), "utf8")}${more}`);
const gate = (root: string, name: string) => gov(root, "gate", cycle, name);
const signal = new AbortController().signal;
const run = (text: string, cwd: string) => runModule(Buffer.from(text), { cwd, input: { cycle }, signal });

describe("custom modules", () => {
  const trusting = (root: string, text: string, digest = digestBytes(text)) => {
    write(root, "gates/own.mjs", text);
    rulebook(
      root,
      `gates:\n  own: { triggers: [], validators: [{ type: custom, script: gates/own.mjs }] }\nmodules: [{ script: gates/own.mjs, digest: "${digest}" }]\n`,
    );
    return root;
  };

  it("run when the rulebook trusts exactly their bytes, and what they find is the gate's (GAT-08)", async () => {
    const passing = trusting(
      governed(),
      'export default ({ cycle }) => ({ outcome: cycle === "PLN-BE-2026-01" ? "PASS" : "FAIL", findings: [] });',
    );
    expect((await gate(passing, "own")).out).toContain("own PASS");
    const failing = trusting(
      governed(),
      'export default async () => ({ outcome: "FAIL", findings: [{ code: "OURS", message: "No owner" }] });',
    );
    const failed = await gate(failing, "own");
    expect([failed.code, failed.out.includes("No owner")]).toEqual([1, true]);
    const other = trusting(governed(), "export default () => 1;", digestBytes("other bytes"));
    expect((await gate(other, "own")).out).toContain("and the policy trusts sha256:");
    for (const text of ["export default () => 1;", "throw new Error('broken');", "export const a = 1;"])
      expect((await gate(trusting(governed(), text), "own")).out).toContain("own ERROR");
  });

  it("may read their root, and neither write, start processes, nor see the environment (GAT-08)", async () => {
    const root = folder({ "a.txt": "text" });
    const outside = folder({ "secret.txt": "secret" });
    const read = (path: string) =>
      `import { readFileSync } from "node:fs"; export default () => readFileSync(${JSON.stringify(path)}, "utf8");`;
    await expect(run(read(join(root, "a.txt")), root)).resolves.toBe("text");
    await expect(run(read(join(outside, "secret.txt")), root)).rejects.toThrow("Error");
    await expect(run(`import { writeFileSync } from "node:fs"; export default () => writeFileSync("b.txt", "x");`, root)).rejects.toThrow(
      "Error",
    );
    await expect(
      run(`import { execFileSync } from "node:child_process"; export default () => String(execFileSync("true"));`, root),
    ).rejects.toThrow("Error");
    await expect(run("export default () => Object.keys(process.env).length;", root)).resolves.toBe(0);
    await expect(run("export default () => 'x'.repeat(5e6);", root)).rejects.toThrow("more than");
    await expect(run("export default () => { process.stdout.write('{'); };", root)).rejects.toThrow("no JSON");
    await expect(run("process.exit(3);", root)).rejects.toThrow("ended with 3");
    expect(existsSync(join(root, "b.txt"))).toBe(false);
  });
});

describe("health", () => {
  const servers: { close: () => unknown }[] = [];
  afterEach(() => void servers.splice(0).map((server) => server.close()));
  const serve = async (answer: () => string): Promise<string> => {
    const server = createServer((_, response) => response.end(answer()));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const asking = (root: string, address: string) => {
    write(root, "gov.yaml", `${readFileSync(join(root, "gov.yaml"), "utf8")}  health: ["${address}"]\n`);
    rulebook(root, "gates:\n  smoke: { triggers: [], validators: [{ type: health_check }] }\n");
    return root;
  };

  it("is asked of the services that gov.yaml names, and a gate fails while one is not healthy (GAT-29)", async () => {
    let answer = '{"status":"ok"}';
    const root = asking(governed(), await serve(() => answer));
    expect((await gate(root, "smoke")).out).toContain("smoke PASS");
    answer = '{"status":"down"}';
    expect((await gate(root, "smoke")).code).toBe(1);
    expect((await gate(asking(governed(), "http://127.0.0.1:1"), "smoke")).code).toBe(1);
  });

  it("reads at most a little of what somebody answers", async () => {
    const { body, status } = await httpGet(await serve(() => "x".repeat(1e6)), { signal });
    expect([status, body.length]).toEqual([200, 65_537]);
  });
});

describe("what gates read", () => {
  const store = (root: string) => join(root, ".gov/cache/evidence-v1.json");
  const coverage = (root: string) => gate(root, "parity_coverage");

  it("is kept by the digest of its inputs, and never used for other inputs (GAT-26)", async () => {
    const root = governed();
    mkdirSync(join(root, ".gov"), { recursive: true });
    expect((await coverage(root)).out).toContain("parity_coverage PASS");
    const kept = readFileSync(store(root), "utf8");
    expect((await coverage(root)).out).toContain("parity_coverage PASS");
    expect(readFileSync(store(root), "utf8")).toBe(kept);
    write(root, places.coverage, readFileSync(join(governed(10), places.coverage), "utf8"));
    expect((await coverage(root)).code).toBe(1);
    for (const odd of ["{", "[]", '{"version":"0.0.0-test","entries":7}', '{"version":"other","entries":[]}']) {
      writeFileSync(store(root), odd);
      expect((await coverage(root)).code).toBe(1);
    }
  });

  it("is asked of nobody who kept not answering, for a while, and no gate passes meanwhile (GAT-26)", async () => {
    const root = governed();
    mkdirSync(join(root, ".gov"), { recursive: true });
    write(root, "gov.yaml", `${readFileSync(join(root, "gov.yaml"), "utf8")}  health: ["http://127.0.0.1:9"]\n`);
    rulebook(root, "gates:\n  smoke: { triggers: [], validators: [{ type: health_check }] }\n");
    let asked = 0;
    const silent: Partial<World> = {
      httpGet: () => {
        asked += 1;
        return new Promise(() => undefined);
      },
      after: (_milliseconds, callback) => {
        const timer = setTimeout(callback, 1000);
        return () => clearTimeout(timer);
      },
    };
    const smoke = (world: Partial<World> = {}) => govWith({ ...silent, ...world }, root, "gate", cycle, "smoke");
    for (let times = 0; times < 3; times++) expect((await smoke()).out).toContain("Reading took longer than 10000 ms");
    const refused = await smoke();
    expect([refused.code, refused.out.includes("Not asked: it failed 3 times in a row"), asked]).toEqual([1, true, 3]);
    const later = { now: () => Date.UTC(2026, 10, 21, 9, 1, 0), monotonicMs: () => 0 };
    const body = new TextEncoder().encode("ok");
    expect((await smoke({ clock: later, httpGet: async () => ({ status: 200, body }) })).out).toContain("smoke PASS");
  });
});
