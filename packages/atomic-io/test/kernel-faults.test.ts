import { afterAll, describe, expect, it } from "vitest";
import { faultPoints, runWithFault, straceIsHere } from "./kernel-faults.ts";
import { type Mounted, mountOwn } from "./mounted.ts";
import { scratchDirectory } from "./scratch.ts";

const required = (process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("strace");
const mounts: Mounted[] = [];

afterAll(() => {
  for (const { unmount } of mounts) unmount();
});

// Every rename, fsync and write on three file systems is a proof; here each kind of call once, on the file system of the temporary folder.
describe.skipIf(!straceIsHere && !required)(
  "writes under faults of the kernel, made by strace (skipped without it; the full form is a proof)",
  () => {
    for (const { call, what } of [
      { call: "rename", what: "SIGKILL" },
      { call: "fsync", what: "SIGKILL" },
      { call: "pwrite64", what: "SIGKILL" },
      { call: "fsync", what: "EIO" },
      { call: "pwrite64", what: "ENOSPC" },
    ]) {
      it(`keep every promise when ${call} meets ${what} (AIO-02, AIO-06)`, async () => {
        const root = scratchDirectory();
        const times = faultPoints(root).find((point) => point.call === call)?.times ?? 0;
        expect(times).toBeGreaterThan(2);
        for (const when of [1, Math.ceil(times / 2)]) {
          const report = await runWithFault(root, { call, when, what });
          expect(report.broken, `${call} ${when}`).toEqual([]);
          // A fault that did not happen shows nothing.
          if (what === "SIGKILL") expect(report.ended).toBe(false);
          else expect(report.refused.length).toBeGreaterThan(0);
        }
      });
    }

    it("keep every promise on overlayfs and tmpfs as well, where mounting is allowed (AIO-02)", async ({ skip }) => {
      for (const kind of ["overlayfs", "tmpfs"] as const) {
        const mounted = mountOwn(kind);
        if (mounted === null) {
          skip(`mounting ${kind} is not allowed here`);
          return;
        }
        mounts.push(mounted);
        for (const fault of [
          { call: "rename", when: 3, what: "SIGKILL" },
          { call: "fsync", when: 4, what: "EIO" },
        ])
          expect((await runWithFault(mounted.path, fault)).broken, kind).toEqual([]);
      }
    });
  },
);
