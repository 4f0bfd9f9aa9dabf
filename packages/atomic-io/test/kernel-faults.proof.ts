import { describe, expect, it } from "vitest";
import { faultPoints, runWithFault } from "./kernel-faults.ts";
import { mountOwn, type MountedKind } from "./mounted.ts";

const faults: readonly { readonly call: string; readonly what: string }[] = [
  ...["rename", "fsync", "fdatasync", "pwrite64", "link", "unlink"].map((call) => ({ call, what: "SIGKILL" })),
  ...["fsync", "fdatasync", "rename", "link", "pwrite64"].map((call) => ({ call, what: "EIO" })),
  ...["pwrite64", "fsync", "rename"].map((call) => ({ call, what: "ENOSPC" })),
];

describe("writes under faults of the kernel, at full length", () => {
  for (const kind of ["ext4", "overlayfs", "tmpfs"] as const satisfies readonly MountedKind[]) {
    it(`keep every promise at every call on ${kind} (AIO-01, AIO-02, AIO-06)`, async () => {
      const mounted = mountOwn(kind);
      if (mounted === null) throw new Error(`Cannot mount ${kind}: run this proof as root`);
      try {
        const points = new Map(faultPoints(mounted.path).map(({ call, times }) => [call, times]));
        const found = { kind, runs: 0, killed: 0, refusals: 0, broken: [] as string[] };
        for (const { call, what } of faults) {
          for (let when = 1; when <= (points.get(call) ?? 0); when++) {
            const report = await runWithFault(mounted.path, { call, when, what });
            found.runs += 1;
            if (!report.ended) found.killed += 1;
            found.refusals += report.refused.length;
            found.broken.push(...report.broken.map((broken) => `${what} at ${call} ${when}: ${broken}`));
          }
        }
        console.log(JSON.stringify(found));
        expect(found.broken).toEqual([]);
        expect(found.killed).toBeGreaterThan(30);
        expect(found.refusals).toBeGreaterThan(20);
      } finally {
        mounted.unmount();
      }
    });
  }
});
