import { probeFileSystem, type SpaceProbe } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "./scratch.ts";

const kind = (type: number): { readonly probe: SpaceProbe; readonly linux: true } => ({
  linux: true,
  probe: async () => ({ type, totalBytes: 1000, freeBytes: 500 }),
});

describe("probeFileSystem()", () => {
  it("refuses NFS, SMB and other network file systems, and says why (AIO-05)", async () => {
    for (const [type, name] of [
      [0x6969, "nfs"],
      [0xff534d42, "cifs"],
      [0xfe534d42 | 0, "smb2"],
      [0x01021997, "9p"],
    ] as const) {
      await expect(probeFileSystem("/share", kind(type))).rejects.toMatchObject({
        code: "ATOMIC_IO_NETWORK_FILE_SYSTEM",
        details: { path: "/share", name },
      });
    }
  });

  it("warns of them when the policy is to warn, and of kinds about which nothing is proven", async () => {
    await expect(probeFileSystem("/share", { ...kind(0x6969), policy: "strict" as "refuse" })).rejects.toThrow(RangeError);
    expect(await probeFileSystem("/share", { ...kind(0x6969), policy: "warn" })).toMatchObject({ name: "nfs", kind: "network" });
    for (const options of [kind(0x65735546), kind(0x1234), { ...kind(0x6969), linux: false }]) {
      const probed = await probeFileSystem("/share", options);
      expect([probed.kind, probed.warnings.length]).toEqual(["unknown", 1]);
    }
    expect((await probeFileSystem("/share", kind(0x1234))).name).toBe("0x1234");
  });

  it("accepts local ones without a word (AIO-02)", async () => {
    for (const [type, name] of [
      [0xef53, "ext4"],
      [0x794c7630, "overlayfs"],
      [0x01021994, "tmpfs"],
    ] as const) {
      expect(await probeFileSystem("/", kind(type))).toEqual({ name, kind: "local", warnings: [] });
    }
  });

  it("asks the machine, and fails with a typed error where nothing is", async () => {
    const directory = scratchDirectory();
    expect((await probeFileSystem(directory, { policy: "warn" })).name).not.toBe("");
    await expect(probeFileSystem(`${directory}/missing`)).rejects.toMatchObject({ code: "ATOMIC_IO_READ_FAILED" });
  });
});
