import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { createMemoryFileSystem, createMemoryLockHost, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { openFileStore, type StoredEntry } from "@gov/index-writer";
import { openBridge, readBridge } from "@gov/index-writer/bridge";
import { openVerification, type Verification } from "@gov/index-writer/verification";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { remembered, scanRemembered, verticals, writeGoldens } from "./golden-formats.ts";
import { countingRandom } from "./records.ts";

// Written once by the release that introduced the version, and never again: what was written then is read for ever.
const fixtures = join(import.meta.dirname, "fixtures");
const folders = ["bridge-v1", "record-v1", "stat-cache-v1", "stat-cache-v2", "verification-v1"];
/** What later versions have taken the place of is read, and written no more. */
const retired: readonly string[] = ["stat-cache-v1/stat-v1"];
const names = folders.flatMap((folder) =>
  readdirSync(join(fixtures, folder), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) =>
      join(each.parentPath, each.name)
        .slice(fixtures.length + 1)
        .split(sep)
        .join("/"),
    ),
);
const golden: ReadonlyMap<string, Uint8Array> = new Map(names.map((name) => [name, new Uint8Array(readFileSync(join(fixtures, name)))]));

/** A disk with a golden folder at its root, and some bytes altered. */
function diskOf(folder: string, altered: Readonly<Record<string, Uint8Array | string>> = {}): MemoryFileSystem {
  const files = [...golden].filter(([name]) => name.startsWith(`${folder}/`)).map(([name, bytes]) => [`/${name}`, altered[name] ?? bytes]);
  return createMemoryFileSystem({ files: Object.fromEntries(files) as Readonly<Record<string, Uint8Array>> });
}

function bytesOf(name: string): Uint8Array {
  const bytes = golden.get(name);
  if (bytes === undefined) throw new Error(`No golden file "${name}"`);
  return bytes;
}

/** A golden file with each of its bytes altered, one at a time. */
function* alterations(name: string): Generator<{ readonly at: number; readonly altered: Readonly<Record<string, Uint8Array>> }> {
  const bytes = bytesOf(name);
  for (let at = 0; at < bytes.byteLength; at++)
    yield { at, altered: { [name]: bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)) } };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "read",
    (error: unknown) => String((error as { readonly code?: unknown }).code),
  );
}

describe("files of the versions in force", () => {
  it("are written byte for byte as they were (NFR-08)", async () => {
    const written = await writeGoldens();
    expect([...written.keys(), ...retired].sort()).toEqual([...golden.keys()].sort());
    for (const [name, bytes] of written) expect(Buffer.from(bytes).equals(bytesOf(name)), name).toBe(true);
  });
});

describe("the record in files, version 1 (docs/formats/index-store-files-v1.md)", () => {
  const segments = [1, 2].map((epoch) => `record-v1/journal/journal-000000000${epoch}-000000000000000${epoch}.log`);
  const entriesOf = async (fs: MemoryFileSystem): Promise<readonly StoredEntry[]> => {
    const store = await openFileStore("/record-v1", { fs });
    const entries: StoredEntry[] = [];
    for await (const entry of store.read()) entries.push(entry);
    await store.close();
    return entries;
  };

  it("is read as it was written once and for all, and goes on with the next epoch (NFR-08, IDX-05)", async () => {
    const fs = diskOf("record-v1");
    const entries = await entriesOf(fs);
    expect(entries.map(({ seq, epoch, id, payload }) => ({ seq, epoch, id, payload }))).toEqual([
      { seq: 1, epoch: 1, id: "report-1", payload: { verdict: "PASS" } },
      { seq: 2, epoch: 2, id: "Größe", payload: [null, 1.5, "\u2028"] },
      { seq: 3, epoch: 2, id: "report-2", payload: { op: "index_change", put: [], remove: ["a.md"] } },
    ]);
    const store = await openFileStore("/record-v1", { fs, host: createMemoryLockHost() });
    const { epoch, seq } = await store.acquire();
    expect([epoch, seq]).toEqual([3, 3]);
    const known = { id: "report-1", payload: { verdict: "PASS" } };
    expect(await store.commit({ epoch, expectedSeq: seq, entries: [known] })).toEqual([{ seq: 1, duplicate: true }]);
    await store.close();
  });

  it("is refused with any byte altered of what was followed on, and loses the last commit as a whole with any byte altered of that", async () => {
    const [first = "", last = ""] = segments;
    for (const { at, altered } of alterations(first))
      expect([at, await codeOf(entriesOf(diskOf("record-v1", altered)))]).toEqual([
        at,
        at >= 8 && at < 12 ? "INDEX_VERSION" : "INDEX_CORRUPT",
      ]);
    const header = 72;
    for (const { at, altered } of alterations(last)) {
      const disk = diskOf("record-v1", altered);
      if (at < header) expect([at, await codeOf(entriesOf(disk))]).toEqual([at, expect.stringMatching(/_CORRUPT$|_VERSION$/)]);
      else expect([at, (await entriesOf(disk)).map(({ id }) => id)]).toEqual([at, ["report-1"]]);
    }
  });
});

describe("the bridge, version 1 (docs/formats/bridge-v1.md)", () => {
  const journal = "bridge-v1/journal/journal-0000000001-0000000000000005.log";
  const dead = [{ seq: 2, id: "refused", payload: "ü", errors: ["no such record"] }];

  it("is read as it was written once and for all, and goes on (NFR-08, IDX-10, IDX-12)", async () => {
    const fs = diskOf("bridge-v1");
    expect(await readBridge("/bridge-v1", { fs })).toEqual({ lastSeq: 4, depth: 2, lag: 2, pendingBytes: 9, deadLetters: dead });
    const delivered: unknown[] = [];
    const deliver = async (entry: unknown): Promise<void> => void delivered.push(entry);
    const bridge = await openBridge("/bridge-v1", { deliver, fs, lockHost: createMemoryLockHost(), fileRandom: countingRandom });
    expect(await bridge.append("report-1", { verdict: "PASS" })).toEqual({ seq: 1, duplicate: true });
    expect(await bridge.redrive()).toBe(1);
    await bridge.drain();
    expect(delivered).toEqual([
      { seq: 2, id: "refused", payload: "ü" },
      { seq: 3, id: "waits", payload: [1, 2] },
      { seq: 4, id: "waits too", payload: null },
    ]);
    await bridge.close();
  });

  it("is refused with any byte altered of its snapshot, or of its journal before the last commit, which is lost as a whole", async () => {
    for (const { at, altered } of alterations("bridge-v1/bridge.json"))
      expect([at, await codeOf(readBridge("/bridge-v1", { fs: diskOf("bridge-v1", altered) }))]).toEqual([
        at,
        expect.stringMatching(/^INDEX_CORRUPT$|^INDEX_VERSION$/),
      ]);
    const lastFrame = Buffer.from(bytesOf(journal)).lastIndexOf("GVFR");
    for (const { at, altered } of alterations(journal)) {
      const reading = readBridge("/bridge-v1", { fs: diskOf("bridge-v1", altered) });
      // Bytes 8 to 11 of a segment are its version.
      if (at < lastFrame) expect([at, await codeOf(reading)]).toEqual([at, at >= 8 && at < 12 ? "INDEX_VERSION" : "INDEX_CORRUPT"]);
      else expect([at, await reading]).toEqual([at, { lastSeq: 3, depth: 1, lag: 1, pendingBytes: 5, deadLetters: dead }]);
    }
  });
});

describe.each([
  { version: 1, name: "stat-cache-v1/stat-v1" },
  { version: 2, name: "stat-cache-v2/stat-v2" },
])("the stat cache, version $version (docs/formats/stat-cache-v$version.md)", ({ name }) => {
  const scan = (bytes: Uint8Array) =>
    scanRemembered({ load: async () => bytes, save: async () => undefined, stampNs: async () => 2n ** 62n });
  const digests = remembered.map(({ text }) => digestBytes(text));

  it("is read as it was written once and for all: no file that looks the same is read again (NFR-08)", async () => {
    expect(await scan(bytesOf(name))).toEqual({ read: [], digests });
  });

  it("is nothing with any byte altered: every file is read", async () => {
    for (const { at, altered } of alterations(name))
      expect([at, await scan(altered[name] ?? new Uint8Array())]).toEqual([at, { read: remembered.map(({ path }) => path), digests }]);
  });
});

describe("verification reports, version 1 (docs/formats/verification-reports-v1.md)", () => {
  const open = (fs: MemoryFileSystem): Promise<Verification> =>
    openVerification("/verification-v1", { verticals, fs, lockHost: createMemoryLockHost(), random: countingRandom });
  const altered = (name: string, from: string, to: string) => {
    const text = Buffer.from(bytesOf(`verification-v1/${name}`)).toString("utf8");
    expect(text).toContain(from);
    return diskOf("verification-v1", { [`verification-v1/${name}`]: text.replace(from, to) });
  };

  it("are read as they were written once and for all, and go on (NFR-08, VER-01)", async () => {
    const fs = diskOf("verification-v1");
    const verification = await open(fs);
    expect(verification.recovered).toBe(false);
    expect(verification.state()).toMatchObject({
      status: "FAIL",
      seq: 2,
      frozen: false,
      verticals: [
        {
          vertical: "routing",
          status: "FAIL",
          rationale: "one route leads nowhere",
          at: "2024-01-15T10:00:00Z",
          seq: 1,
          findings: [{ code: "GATES_X", severity: "error", message: "Größe | fehlt", path: "a.md", line: 3, column: 1, hint: "mend" }],
        },
        { vertical: "docs", status: "PASS", rationale: "every page is there", at: "2024-01-16T10:00:00Z", seq: 2, findings: [] },
        { vertical: "qa", status: "PENDING", rationale: "", at: null, seq: 0, findings: [] },
      ],
    });
    const report = { status: "PASS", rationale: "mended", findings: [], at: "2024-01-18T10:00:00Z" } as const;
    expect(await verification.report("routing", report)).toBe(3);
    await verification.close();
    expect(fs.text("/verification-v1/VERIFICATION/routing/report.md")).toMatch(/^# routing\n\n## Status: PASS\n[^]*## Status: FAIL\n/);
  });

  it("that a crash cut short are finished from the intent of that time, and from none of another version (NFR-08, IDX-14)", async () => {
    const intent = Buffer.from(bytesOf("verification-v1/intent/intent.json")).toString("utf8");
    const diskWith = (text: string) => createMemoryFileSystem({ files: { "/verification-v1/.gov/verification/intent.json": text } });
    const verification = await open(diskWith(intent));
    expect([verification.recovered, verification.state().verticals[2]]).toMatchObject([true, { status: "WAIVED", seq: 1 }]);
    await verification.close();
    expect(await codeOf(open(diskWith(intent.replace('"version":1', '"version":2'))))).toBe("INDEX_VERSION");
    expect(await codeOf(open(diskWith(intent.replace('"format":"gov.', '"format":"g0v.'))))).toBe("INDEX_CORRUPT");
    expect(await codeOf(open(diskWith(intent.slice(1))))).toBe("INDEX_CORRUPT");
  });

  it("are refused where they are not what is written, or of another version", async () => {
    const findings = "VERIFICATION/routing/findings.json";
    expect(await codeOf(open(altered(findings, "{", "z")))).toBe("INDEX_CORRUPT");
    expect(await codeOf(open(altered(findings, ",", "-")))).toBe("INDEX_CORRUPT");
    expect(await codeOf(open(altered(findings, '"FAIL"', '"FAIM"')))).toBe("INDEX_CORRUPT");
    expect(await codeOf(open(altered(findings, '"error"', '"errnr"')))).toBe("INDEX_CORRUPT");
    expect(await codeOf(open(altered(findings, '"code"', '"codf"')))).toBe("INDEX_CORRUPT");
    expect(await codeOf(open(altered(findings, '"version": "1"', '"version": "2"')))).toBe("INDEX_VERSION");
    expect(await codeOf(open(altered("VERIFICATION/summary.json", "{", "z")))).toBe("INDEX_CORRUPT");
    expect(await codeOf(open(altered("VERIFICATION/summary.json", '"version": "1"', '"version": "2"')))).toBe("INDEX_VERSION");
  });
});
