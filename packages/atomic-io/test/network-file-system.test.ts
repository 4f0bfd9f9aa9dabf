import { createFileOnce, isTemporaryName, probeFileSystem, replaceFile } from "@gov/atomic-io";
import { openJournal } from "@gov/atomic-io/journal";
import { acquireLease, acquireLock } from "@gov/atomic-io/lock";
import {
  createMemoryFileSystem,
  createMemoryLockHost,
  createNetworkFileSystem,
  type NetworkFileSystem,
  type NetworkKind,
} from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";

const share = (
  kind: NetworkKind,
  answerIsLost?: (change: number) => boolean,
): { fs: NetworkFileSystem; text: (path: string) => string | null; names: () => string[] } => {
  const below = createMemoryFileSystem({ files: { "/share/doc": "old", "/share/keep": "" } });
  return { fs: createNetworkFileSystem({ kind, below, answerIsLost }), text: below.text, names: () => [...below.files().keys()] };
};

describe("network file systems, imitated", () => {
  for (const [kind, name] of [
    ["nfs", "nfs"],
    ["smb", "smb2"],
  ] as const) {
    it(`are refused, or warned of by policy: ${kind} (AIO-05, B-27)`, async () => {
      const { probe } = share(kind).fs;
      await expect(probeFileSystem("/share", { probe, linux: true })).rejects.toMatchObject({
        code: "ATOMIC_IO_NETWORK_FILE_SYSTEM",
        details: { name },
      });
      const warned = await probeFileSystem("/share", { probe, linux: true, policy: "warn" });
      expect(warned).toMatchObject({ name, kind: "network" });
      expect(warned.warnings).toHaveLength(1);
    });
  }
});

describe("what they would do to whoever went on after the warning", () => {
  it("NFS reports a replace as failed that was done: an error no longer says that the old file is there", async () => {
    const { fs, text } = share("nfs", (change) => change === 1);
    await expect(replaceFile("/share/doc", "new", { fs })).rejects.toMatchObject({ code: "ATOMIC_IO_RENAME_FAILED" });
    expect(text("/share/doc")).toBe("new");
  });

  it("NFS keeps a removed file under a name of its own while it is open", async () => {
    const { fs, names } = share("nfs", () => false);
    const handle = await fs.open("/share/doc", "read");
    await fs.unlink("/share/doc");
    expect(names().some((path) => path.includes("/.nfs"))).toBe(true);
    await handle.close();
  });

  it("NFS never lets two have one lock or one epoch, though it may refuse it to both", async () => {
    for (let lost = 0; lost < 12; lost++) {
      const { fs } = share("nfs", (change) => change === lost);
      const host = (pid: number): ReturnType<typeof createMemoryLockHost> => createMemoryLockHost({ pid, kernel: false });
      const locks = await Promise.allSettled([1, 2].map((pid) => acquireLock("/share/lock", { fs, host: host(pid) })));
      expect(locks.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
      const leases = await Promise.allSettled([1, 2].map((pid) => acquireLease("/share/lease", { fs, host: host(pid) })));
      const held = leases.flatMap((lease) => (lease.status === "fulfilled" ? [lease.value] : []));
      const confirmed = await Promise.allSettled(held.map((lease) => lease.confirm()));
      expect(confirmed.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
      for (const lease of held) await lease.release().catch(() => undefined);
    }
  });

  it("SMB cannot sync a directory, and the result says so", async () => {
    const { fs, text } = share("smb");
    expect(await replaceFile("/share/doc", "new", { fs })).toMatchObject({ durability: "process" });
    expect(text("/share/doc")).toBe("new");
  });

  it("SMB refuses to replace a file that someone reads: the old one stays, and no temporary", async () => {
    const { fs, text, names } = share("smb");
    const reader = await fs.open("/share/doc", "read");
    await expect(replaceFile("/share/doc", "new", { fs })).rejects.toMatchObject({
      code: "ATOMIC_IO_RENAME_FAILED",
      details: { errno: "EBUSY" },
    });
    expect(text("/share/doc")).toBe("old");
    expect(names().filter((path) => isTemporaryName(path.split("/").at(-1) ?? ""))).toEqual([]);
    await reader.close();
    await replaceFile("/share/doc", "new", { fs });
    await fs.unlink("/share/doc");
    expect(text("/share/doc")).toBeNull();
  });

  it("SMB has no hard links, so what is written once is refused, and changes no modes", async () => {
    const { fs, text } = share("smb");
    await expect(createFileOnce("/share/once", "x", { fs })).rejects.toMatchObject({
      code: "ATOMIC_IO_CREATE_FAILED",
      details: { errno: "ENOTSUP" },
    });
    expect(text("/share/once")).toBeNull();
    await replaceFile("/share/doc", "new", { fs, mode: 0o600 });
    const handle = await fs.open("/share/doc", "read");
    await handle.chmod(0o400);
    expect((await handle.stat()).mode).not.toBe(0o400);
    await handle.close();
  });

  it("a journal there acknowledges nothing that it then loses, whichever answer is lost", async () => {
    for (let lost = 0; lost < 20; lost++) {
      let lossy = true;
      const { fs } = share("nfs", (change) => lossy && change === lost);
      const acknowledged: number[] = [];
      try {
        const journal = await openJournal("/share/journal", { fs });
        for (let record = 1; record <= 3; record++) acknowledged.push((await journal.append([Buffer.from(`${record}`)])).lastSeq);
        await journal.close();
      } catch {
        // What was not acknowledged may fail.
      }
      lossy = false;
      const again = await openJournal("/share/journal", { fs });
      expect(again.lastSeq).toBeGreaterThanOrEqual(acknowledged.length);
      await again.close();
    }
  });
});
