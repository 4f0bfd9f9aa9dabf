import { openBridge } from "@gov/index-writer/bridge";
import { connect } from "@nats-io/transport-node";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { governed } from "./governed.ts";
import { findingsOf, folder, gov, govWith, listing, type Run } from "./harness.ts";
import { ownDatabase } from "./postgres.ts";

const nats = process.env["NATS_URL"] ?? "nats://127.0.0.1:4222";

/** Whether a server answers there; where `GOV_TEST_REQUIRE` asks for it, it has to. */
async function hasNats(): Promise<boolean> {
  try {
    await (await connect({ servers: nats, timeout: 2000 })).close();
    return true;
  } catch (error) {
    if ((process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("nats"))
      throw new Error("Cannot reach NATS: GOV_TEST_REQUIRE asks for it", { cause: error });
    return false;
  }
}

const url = await ownDatabase();
const hasServices = url !== null && (await hasNats());

const entry = (id: string, payload: unknown) => `${JSON.stringify({ id, payload })}\n`;

/** Calls in a root, and a way to hand it entries. */
function bridged(more = "", env: Readonly<Record<string, string | undefined>> = {}) {
  const root = governed();
  const config = join(root, "gov.yaml");
  writeFileSync(config, `${readFileSync(config, "utf8")}${more}`);
  const run = (...argv: readonly string[]): Promise<Run> => govWith({ env, lockWaitMs: 2000 }, root, ...argv);
  const append = async (...lines: readonly string[]): Promise<Run> => {
    const path = join(folder(), "entries.jsonl");
    writeFileSync(path, lines.join(""));
    return run("bridge", "append", path);
  };
  return { root, run, append };
}

describe("gov bridge", () => {
  it("accepts entries once for ever and takes them to the record in their order; looking changes nothing (IDX-10, IDX-13)", async () => {
    const { root, run, append } = bridged();
    const empty = listing(root);
    expect((await run("bridge")).out).toMatch(/record +0 entries in files of this machine/);
    expect((await run("bridge", "read")).out).toBe("");
    expect((await append(entry("a", 1), "{", entry("", 2))).out).toContain("Nothing was accepted");
    expect(listing(root)).toEqual(empty);
    expect((await append(entry("a", 1), entry("b", { z: 1, a: 2 }))).out).toContain("Accepted 2 entries, 0 were known");
    expect((await append(entry("b", { a: 2, z: 1 }), entry("c", 3))).out).toContain("Accepted 1 entries, 1 were known");
    const conflict = await append(entry("a", 2), entry("d", 4));
    expect([conflict.code, conflict.out]).toEqual([1, expect.stringMatching(/1:1 +error +Cannot append "a".*INDEX_BRIDGE_CONFLICT/)]);
    expect((await run("bridge")).out).toMatch(/waiting +4 /);
    expect((await run("bridge", "drain")).out).toContain("Delivered 4 entries; 0 became dead letters, 0 still wait");
    expect((await run("bridge", "drain")).out).toContain("Nothing waits");
    const record = [entry("a", 1), entry("b", { a: 2, z: 1 }), entry("c", 3), entry("d", 4)];
    expect((await run("bridge", "read")).out).toBe(record.map((line, index) => line.replace("}\n", `,"seq":${index + 1}}\n`)).join(""));
    expect((await run("bridge", "read", "--after", "3")).out).toContain('{"id":"d","payload":4,"seq":4}');
  });

  it("accepts no id that a record refuses, and sets aside those that wait from before, however many (IDX-11)", async () => {
    const { root, run, append } = bridged();
    expect((await append(entry("a\nb", 1), entry("good", 2))).out).toMatch(/1:1 +error +This line is no entry.*CLI_ENTRY_INVALID/);
    const queue = await openBridge(join(root, ".gov", "bridge"), { deliver: async () => undefined });
    for (const id of ["a\nb", "c\td", "e\u007f", "g\u0000", "good"]) await queue.append(id, 1);
    await queue.close();
    expect((await run("bridge", "drain")).out).toContain("Delivered 1 entries; 4 became dead letters, 0 still wait");
    expect((await run("bridge", "read")).out).toBe('{"id":"good","payload":1,"seq":1}\n');
  });

  it("says what to configure where a service is asked for and none is named", async () => {
    const { run, append } = bridged("record: { store: postgres, name: team, transport: nats }\n");
    expect([(await append(entry("a", 1))).code, (await run("bridge", "drain")).err]).toEqual([0, expect.stringContaining("GOV_NATS_URL")]);
    expect((await run("bridge", "serve")).err).toContain("GOV_NATS_URL");
    expect((await run("bridge", "serve", "--dry-run")).out).toContain('Would serve the record behind "gov.record.team.append"');
    expect((await gov(governed(), "bridge", "serve")).out).toContain("nobody has to serve it");
    // No two names share a subject, or entries would reach the record of somebody else.
    const subjects = ["a.b", "a_b", "a b", "a_2e_b"].map(async (name) => {
      const { run: ask } = bridged(`record: { store: postgres, name: "${name}", transport: nats }\n`);
      return (await ask("bridge", "serve", "--dry-run")).out;
    });
    expect(new Set(await Promise.all(subjects)).size).toBe(4);
    const local = await bridged("record: { store: file, transport: nats }\n").run("bridge");
    expect([local.code, local.out + local.err]).toEqual([3, expect.stringContaining("Entries of a record in files do not travel")]);
    const wrong = bridged("record: { store: postgres }\n");
    expect((await wrong.run("bridge")).out + (await wrong.run("bridge")).err).toContain("A record in PostgreSQL has no name");
  });
});

describe.skipIf(!hasServices)("gov.yaml › record › store: postgres, transport: nats", () => {
  it("brings entries of several checkouts over JetStream into one record, by configuration alone; what cannot be delivered is set apart (IDX-12, NFR-05)", async () => {
    const name = `team-${String(process.pid)}-${String(Date.now())}`;
    const config = `record: { store: postgres, name: ${name}, transport: nats }\n`;
    const env = { GOV_POSTGRES_URL: url ?? undefined, GOV_NATS_URL: nats };
    const [one, two] = [bridged(config, env), bridged(config, env)];
    await one.append(entry("a", 1), entry("b", 2));
    const alone = await one.run("bridge", "drain");
    expect([alone.code, alone.out]).toEqual([4, expect.stringContaining("Delivered 0 entries; 0 became dead letters, 2 still wait")]);
    let stop = (): void => undefined;
    const stopped = new Promise<void>((done) => (stop = done));
    const server = govWith({ env, untilStopped: () => stopped, lockWaitMs: 2000 }, one.root, "bridge", "serve");
    try {
      await two.append(entry("c", 3));
      for (const { run } of [one, two]) {
        const drained = await run("bridge", "drain");
        expect([drained.code, drained.out, drained.err]).toEqual([0, expect.stringContaining("0 still wait"), ""]);
      }
      const read = await two.run("bridge", "read", "--format", "json");
      const entries = read.json()["entries"] as readonly { readonly id: string; readonly seq: number }[];
      expect(entries.map(({ id, seq }) => [id, seq])).toEqual([
        ["a", 1],
        ["b", 2],
        ["c", 3],
      ]);
      // The same id with other content from another checkout: the record keeps the first, and the bridge says so.
      await two.append(entry("a", 9), entry("d", 4));
      const refused = await two.run("bridge", "drain");
      expect([refused.code, refused.out]).toEqual([4, expect.stringContaining("Delivered 1 entries; 1 became dead letters, 0 still wait")]);
      expect(findingsOf(await two.run("bridge", "--format", "json")).map(({ code }) => code)).toEqual(["CLI_DEAD_LETTER"]);
      expect((await two.run("bridge", "redrive", "2")).out).toContain("Put 1 dead letters back");
      expect((await two.run("bridge")).out).toMatch(/waiting +1 /);
    } finally {
      stop();
    }
    const served = await server;
    expect([served.code, served.out]).toEqual([0, expect.stringContaining("4 entries were added meanwhile")]);
    const connection = await connect({ servers: nats });
    await connection.request(`$JS.API.STREAM.DELETE.GOV_RECORD_${name}`, new Uint8Array(), { timeout: 2000 });
    await connection.close();
  });
});
