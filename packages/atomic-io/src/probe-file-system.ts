import { AtomicIoError } from "./errors.ts";
import type { SpaceProbe } from "./file-system-space.ts";
import { failed } from "./internal/errno.ts";
import { nodeIsLinux, nodeSpaceProbe } from "./node-space-probe.ts";

/** Options of {@link probeFileSystem}. */
export interface ProbeFileSystemOptions {
  /** What to do about a network file system. @default "refuse" */
  readonly policy?: "refuse" | "warn" | undefined;
  /** @default the machine's statfs */
  readonly probe?: SpaceProbe | undefined;
  /** Whether the numbers of kinds are those of Linux; elsewhere every kind is unknown. @default that of the machine */
  readonly linux?: boolean | undefined;
}

/** What {@link probeFileSystem} found. */
export interface ProbedFileSystem {
  /** Such as `ext4`, `nfs`, or `0x1234` for a kind that has no name here. */
  readonly name: string;
  /** `unknown` also where the kind says nothing about where the bytes are, as with FUSE. */
  readonly kind: "local" | "network" | "unknown";
  /** What a person should know, empty for a local file system. */
  readonly warnings: readonly string[];
}

// statfs(2) and linux/magic.h.
const names: ReadonlyMap<number, readonly [name: string, kind: "local" | "network" | "unknown"]> = new Map([
  [0xef53, ["ext4", "local"]],
  [0x58465342, ["xfs", "local"]],
  [0x9123683e, ["btrfs", "local"]],
  [0xf2f52010, ["f2fs", "local"]],
  [0x2fc12fc1, ["zfs", "local"]],
  [0x01021994, ["tmpfs", "local"]],
  [0x794c7630, ["overlayfs", "local"]],
  [0x6969, ["nfs", "network"]],
  [0x517b, ["smb", "network"]],
  [0xff534d42, ["cifs", "network"]],
  [0xfe534d42, ["smb2", "network"]],
  [0x5346414f, ["afs", "network"]],
  [0x73757245, ["coda", "network"]],
  [0x00c36400, ["ceph", "network"]],
  [0x0bd00bd0, ["lustre", "network"]],
  [0x01021997, ["9p", "network"]],
  [0x65735546, ["fuse", "unknown"]],
]);

/**
 * Finds out on what kind of file system a directory is, and refuses network file systems, on which neither a rename nor a lock nor an fsync keeps what this
 * package promises: NFS answers a repeated rename with an error after it succeeded, SMB refuses to replace open files, and both cache what others wrote (AIO-05).
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_NETWORK_FILE_SYSTEM` unless the policy is to warn; `ATOMIC_IO_READ_FAILED` when the directory cannot be examined;
 * RangeError for a policy that is none.
 * @example Refuse to keep a journal on a network share
 * ```ts
 * import assert from "node:assert/strict";
 * import { probeFileSystem } from "@gov/atomic-io";
 *
 * const share = async () => ({ type: 0x6969, totalBytes: 1e12, freeBytes: 1e11 });
 * await assert.rejects(probeFileSystem(".", { probe: share, linux: true }), { code: "ATOMIC_IO_NETWORK_FILE_SYSTEM" });
 * assert.equal((await probeFileSystem(".", { probe: share, linux: true, policy: "warn" })).name, "nfs");
 * ```
 */
export async function probeFileSystem(directory: string, options: ProbeFileSystemOptions = {}): Promise<ProbedFileSystem> {
  const { policy = "refuse", probe = nodeSpaceProbe, linux = nodeIsLinux } = options;
  if (policy !== "refuse" && policy !== "warn")
    throw new RangeError(`Cannot probe with policy "${String(policy)}": it must be "refuse" or "warn"`);
  const type = await typeOf(probe, directory);
  const hexadecimal = `0x${type.toString(16)}`;
  const [name, kind] = (linux ? names.get(type) : undefined) ?? ([hexadecimal, "unknown"] as const);
  if (kind === "network" && policy === "refuse") {
    throw new AtomicIoError(
      "ATOMIC_IO_NETWORK_FILE_SYSTEM",
      `Cannot write durably in "${directory}": it is on ${name}, a local file system is required`,
      {
        details: { path: directory, name, type: hexadecimal },
        hint: "keep it on a local disk",
      },
    );
  }
  const warnings = {
    local: [],
    network: [`"${directory}" is on ${name}: writes may be lost or mixed, and locks may have two holders`],
    unknown: [`"${directory}" is on ${name}: nothing is proven about this kind of file system`],
  }[kind];
  return { name, kind, warnings };
}

async function typeOf(probe: SpaceProbe, directory: string): Promise<number> {
  try {
    // Node gives a signed number on some systems.
    return (await probe(directory)).type >>> 0;
  } catch (error) {
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot examine the file system of "${directory}"`, {
      path: directory,
      step: "statfs",
      cause: error,
    });
  }
}
