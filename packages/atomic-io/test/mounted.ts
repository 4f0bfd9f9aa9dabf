import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** File systems that tests mount for themselves; `ext4` in a file of 64 MiB. */
export type MountedKind = "ext4" | "overlayfs" | "tmpfs" | "tiny tmpfs";

/** A file system of one's own. */
export interface Mounted {
  readonly path: string;
  readonly unmount: () => void;
}

/** Mounts a file system for a test, or returns null where that is not allowed. */
export function mountOwn(kind: MountedKind): Mounted | null {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "gov-mount-")));
  const path = join(base, "mounted");
  for (const name of ["mounted", "lower", "upper", "work"]) mkdirSync(join(base, name));
  const run = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args, { stdio: "ignore" }).status === 0;
  const mounted = {
    ext4: () =>
      run("truncate", "-s", "64M", join(base, "image")) &&
      run("mkfs.ext4", "-q", "-F", join(base, "image")) &&
      run("mount", "-o", "loop", join(base, "image"), path),
    overlayfs: () =>
      run("mount", "-t", "overlay", "overlay", "-o", `lowerdir=${base}/lower,upperdir=${base}/upper,workdir=${base}/work`, path),
    tmpfs: () => run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", path),
    "tiny tmpfs": () => run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", path),
  }[kind]();
  const clear = (): void => rmSync(base, { recursive: true, force: true });
  if (!mounted) {
    clear();
    return null;
  }
  return {
    path,
    unmount: () => {
      run("umount", "-l", path);
      clear();
    },
  };
}
