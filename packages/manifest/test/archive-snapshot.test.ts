import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveSnapshot, type VerifiedSnapshot } from "@gov/manifest/snapshot";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { type Files, type Site, sealedFiles, site, taken } from "./snapshot-fakes.ts";

const long = `${"deep/".repeat(30)}${"n".repeat(90)}.md`;
const files: Files = { ...sealedFiles, [long]: "long", "z/ä ß.md": "umlaut", "block.bin": "x".repeat(512), "empty.md": "" };

async function archive(snapshot: VerifiedSnapshot, { store }: Site): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of archiveSnapshot(snapshot, { store })) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe("archiveSnapshot()", () => {
  it("streams what any tar reads: the signed list, and every artifact byte for byte (PRO-01)", async () => {
    const from = site();
    const snapshot = await taken(from, files);
    const bytes = await archive(snapshot, from);
    const directory = mkdtempSync(join(tmpdir(), "gov-tar-"));
    try {
      writeFileSync(join(directory, "snapshot.tar"), bytes);
      execFileSync("tar", ["-xf", "snapshot.tar"], { cwd: directory });
      expect(digestBytes(readFileSync(join(directory, "snapshot.json")))).toBe(snapshot.digest);
      for (const [path, text] of Object.entries(files)) expect(readFileSync(join(directory, "artifacts", path), "utf8"), path).toBe(text);
    } finally {
      rmSync(directory, { recursive: true });
    }
    expect(bytes.length % 512).toBe(0);
    expect(Buffer.compare(bytes, await archive(snapshot, from))).toBe(0);
  });

  it("is no archive when an object is lost or damaged", async () => {
    const from = site();
    const snapshot = await taken(from);
    const [name = ""] = (await from.backend.list("objects/")).filter((one) =>
      one.endsWith(digestBytes("# Map\n").slice("sha256:".length + 2)),
    );
    await from.backend.replace(name, new Uint8Array([1]));
    await expect(archive(snapshot, from)).rejects.toMatchObject({ code: "MANIFEST_OBJECT_CORRUPT" });
    await from.backend.remove(name);
    await expect(archive(snapshot, from)).rejects.toMatchObject({ code: "MANIFEST_SNAPSHOT_REFUSED" });
  });
});
