import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { storageKey } from "./calls.ts";
import { advance, cycle, governed, places, toDigest, toPackaged } from "./governed.ts";
import { findingsOf, folder, gov, govWith, type Run, write } from "./harness.ts";

/** A root whose cycle is sealed, and the key that did. */
async function sealed(): Promise<{ readonly root: string; readonly key: string }> {
  const root = governed();
  const key = join(folder(), "ann.pem");
  await gov(root, "key", "new", key, "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml");
  await advance(root, ...toPackaged);
  expect((await gov(root, "seal", cycle, "--key", key)).code).toBe(0);
  return { root, key };
}

const codesOf = (run: Run) => findingsOf(run).map(({ code }) => code);

describe("gov manifest close", () => {
  it("seals the digest afterwards, and gives an outcome to every gate that was pending (MAN-08, MAN-16, B-09, B-17)", async () => {
    const { root, key } = await sealed();
    const close = (...more: readonly string[]) => gov(root, "manifest", "close", cycle, "--key", key, ...more);
    expect((await close()).err).toContain("CLI_NO_DIGEST");
    await gov(root, "digest", cycle, "--write", "--actor", "ann");
    const early = await close("--format", "json");
    expect([early.code, codesOf(early)]).toEqual([1, ["MANIFEST_GATE_MISSING"]]);
    await toDigest(root);
    expect([(await close("--dry-run")).code, (await close()).code]).toEqual([0, 0]);
    const text = readFileSync(join(root, places.closing), "utf8");
    for (const line of ['"parity_coverage": "PASS"', "sequence: 2", places.digest]) expect(text).toContain(line);
    const verified = await gov(root, "verify", "--all", "--format", "json");
    expect([verified.code, verified.json()["history"]]).toEqual([
      0,
      expect.arrayContaining([{ part: "chains", says: "2 manifests in 1" }]) as unknown,
    ]);
    expect((await gov(root, "check")).code).toBe(0);
    const differs = await gov(root, "manifest", "diff", places.manifest, places.closing, "--format", "json");
    expect(differs.json()["diff"]).toMatchObject({
      added: [places.digest],
      changed: [],
      fields: expect.arrayContaining(["closes", "prior"]) as unknown,
    });
    // Where another manifest follows already, nothing may follow as well: history would fork.
    const closing = ["", ".dsse.json"].map(
      (end) => [join(root, `${places.closing}${end}`), readFileSync(join(root, `${places.closing}${end}`))] as const,
    );
    write(root, places.closing.replace("-closing-", "-other-"), closing[0]?.[1] ?? "");
    for (const [path] of closing) rmSync(path);
    const clock = { now: () => Date.UTC(2026, 10, 21, 10), monotonicMs: () => 0 };
    const forked = await govWith({ clock }, root, "manifest", "close", cycle, "--key", key, "--format", "json");
    expect([forked.code, codesOf(forked), existsSync(join(root, places.closing))]).toEqual([1, ["MANIFEST_CHAIN_FORKED"], false]);
    rmSync(join(root, places.closing.replace("-closing-", "-other-")));
    for (const [path, bytes] of closing) writeFileSync(path, bytes);
    // The cycle's own manifest is still the first.
    expect((await gov(root, "cycle", cycle, "cycle_complete", "--actor", "ann")).code).toBe(0);
    write(root, places.digest, `${readFileSync(join(root, places.digest), "utf8")}x`);
    const tampered = await gov(root, "verify", "--format", "json");
    expect([tampered.code, findingsOf(tampered).map(({ code, path }) => [code, path])]).toEqual([
      5,
      [["MANIFEST_ARTIFACT_MISMATCH", places.digest]],
    ]);
  });

  it("says so again at a later time, since whoever died may have died behind the last step, and refuses what has changed since (MAN-08)", async () => {
    const { root, key } = await sealed();
    await toDigest(root);
    const at = (hour: number) => ({ clock: { now: () => Date.UTC(2026, 10, 21, hour), monotonicMs: () => 0 } });
    const close = (hour: number) => govWith(at(hour), root, "manifest", "close", cycle, "--key", key);
    expect((await close(10)).code).toBe(0);
    const written = () => ["", ".dsse.json"].map((end) => readFileSync(join(root, `${places.closing}${end}`), "utf8"));
    const before = written();
    expect([(await close(11)).code, written()]).toEqual([0, before]);
    rmSync(join(root, `${places.closing}.dsse.json`));
    expect([(await close(12)).code, written()]).toEqual([0, before]);
    write(root, places.digest, `${readFileSync(join(root, places.digest), "utf8")}\n`);
    const refused = await close(13);
    expect([refused.code, refused.err, written()]).toEqual([3, expect.stringContaining("MANIFEST_ALREADY_SEALED"), before]);
  });

  it("closes nothing that does not verify, and a chain without its beginning does not verify (MAN-09)", async () => {
    const { root, key } = await sealed();
    await toDigest(root);
    const story = readFileSync(join(root, places.storyMap));
    writeFileSync(join(root, places.storyMap), `${story.toString()}x`);
    const refused = await gov(root, "manifest", "close", cycle, "--key", key);
    expect([refused.code, refused.err]).toEqual([5, expect.stringContaining("MANIFEST_VERIFICATION_FAILED")]);
    writeFileSync(join(root, places.storyMap), story);
    expect((await gov(root, "manifest", "close", cycle, "--key", key)).code).toBe(0);
    rmSync(join(root, places.manifest));
    const headless = await gov(root, "verify", "--all", "--format", "json");
    expect([headless.code, codesOf(headless)]).toEqual([5, expect.arrayContaining(["MANIFEST_CHAIN_GAP"])]);
  });
});

describe("gov manifest publish", () => {
  it("keeps what is proven in a registry for years, once, and verify --all looks after it (MAN-13, MAN-14, MAN-15)", async () => {
    const { root } = await sealed();
    const registry = folder();
    const publish = (...more: readonly string[]) => gov(root, "manifest", "publish", places.manifest, ...more);
    expect((await publish("--years", "0")).code).toBe(2);
    expect((await publish("--to", registry, "--years", "10")).out).toContain("kept until 2036-11-21");
    expect((await publish()).out).toContain("kept until 2033-11-21");
    const ben = join(folder(), "ben.pem");
    await gov(root, "key", "new", ben, "--person", "ben", "--role", "quality", "--policy", "trust_policy.yaml");
    await gov(root, "manifest", "cosign", places.manifest, "--key", ben);
    expect((await publish()).out).toContain("is published as number 1, since 2026-11-21");
    expect((await gov(root, "verify", "--all")).out).toContain("registry: 1 manifests published");
    const objects = join(root, ".gov/store/objects");
    const [object = ""] = readdirSync(objects, { recursive: true, encoding: "utf8" }).filter((name) => name.length > 60);
    writeFileSync(join(objects, object), "damaged");
    const damaged = await gov(root, "verify", "--all", "--format", "json");
    expect([damaged.code, codesOf(damaged)]).toEqual([5, ["MANIFEST_LEDGER_OBJECT_LOST"]]);
    expect((await gov(root, "snapshot", "repair", registry)).code).toBe(0);
    writeFileSync(join(root, ".gov/store/ledger/0000000000000001"), "{}");
    expect(codesOf(await gov(root, "verify", "--all", "--format", "json"))).toContain("MANIFEST_LEDGER_CORRUPT");
    write(root, places.storyMap, "changed");
    expect((await publish()).code).toBe(5);
  });
});

describe("gov snapshot archive", () => {
  it("writes what any tar reads, once, and nothing of a snapshot that does not verify (PRO-01)", async () => {
    const { root, key } = await sealed();
    const out = folder();
    const archive = (name: string) => gov(root, "snapshot", "archive", join(out, name));
    expect((await archive("none.tar")).err).toContain("MANIFEST_SNAPSHOT_MISSING");
    await gov(root, "snapshot", "take", "--key", key);
    expect((await archive("a.tar")).code).toBe(0);
    const tar = (...argv: readonly string[]) => execFileSync("tar", argv, { cwd: out, encoding: "utf8" });
    expect(tar("-tf", "a.tar").split("\n")[0]).toBe("snapshot.json");
    expect(tar("-xOf", "a.tar", `artifacts/${places.storyMap}`)).toBe(readFileSync(join(root, places.storyMap), "utf8"));
    expect((await archive("a.tar")).err).toContain("CLI_FILE_EXISTS");
    const objects = join(root, ".gov/store/objects");
    for (const name of readdirSync(objects, { recursive: true, encoding: "utf8" }).filter((one) => one.length > 60))
      writeFileSync(join(objects, name), "damaged");
    expect((await archive("b.tar")).err).toContain("MANIFEST_SNAPSHOT_REFUSED");
    expect(readdirSync(out)).toEqual(["a.tar"]);
  });
});

describe("GOV_STORAGE_KEYS", () => {
  const next = `k2:${Buffer.alloc(32, 2).toString("base64")}`;

  it("encrypts the store of snapshots, and rekey moves it to another key, after which the old one may go (NFR-04)", async () => {
    const { root, key } = await sealed();
    const withKeys = (keys: string, ...argv: readonly string[]) => govWith({ env: { GOV_STORAGE_KEYS: keys } }, root, ...argv);
    const kept = (area: string) =>
      readdirSync(join(root, ".gov/store", area), { recursive: true, encoding: "utf8" }).filter((name) => name.length > 60);
    expect((await gov(root, "snapshot", "take", "--key", key)).code).toBe(0);
    const plain = kept("objects").length;
    expect((await gov(root, "snapshot", "rekey")).err).toContain("CLI_STORAGE_KEYS_MISSING");
    expect((await withKeys(storageKey, "snapshot", "rekey")).out).toContain(`Encrypted ${plain} objects with key k1`);
    expect([kept("objects").length, kept("sealed").length]).toEqual([0, plain]);
    const text = readFileSync(join(root, places.storyMap), "utf8");
    for (const name of kept("sealed"))
      expect(readFileSync(join(root, ".gov/store/sealed", name), "latin1")).not.toContain(text.slice(0, 60));
    expect((await gov(root, "dr", "rehearse", folder())).err).toContain("MANIFEST_OBJECT_KEY_MISSING");
    expect((await withKeys(storageKey, "dr", "rehearse", folder())).code).toBe(0);
    expect((await withKeys(`${next},${storageKey}`, "snapshot", "rekey")).out).toContain(`Encrypted ${plain} objects with key k2`);
    expect((await withKeys(storageKey, "dr", "rehearse", folder())).err).toContain("MANIFEST_OBJECT_KEY_MISSING");
    expect((await withKeys(next, "dr", "rehearse", folder())).code).toBe(0);
    expect((await withKeys(next, "snapshot", "rekey")).out).toContain("Encrypted 0 objects");
  });

  it("refuses what is no key, without showing it (NFR-04)", async () => {
    const { root } = await sealed();
    for (const keys of ["k1", "k1:short", `${storageKey},${storageKey}`, `bad name:${storageKey.slice(3)}`]) {
      const run = await govWith({ env: { GOV_STORAGE_KEYS: keys } }, root, "snapshot", "list");
      expect([run.code, run.err]).toEqual([3, expect.stringContaining("CLI_STORAGE_KEYS_INVALID")]);
      expect(run.err).not.toContain(storageKey.slice(3));
    }
  });
});
