import { statfs } from "node:fs/promises";
import type { SpaceProbe } from "./file-system-space.ts";

/** The machine's answer: the one Node default of the {@link SpaceProbe} port. */
export const nodeSpaceProbe: SpaceProbe = async (path) => {
  const { type, bsize, blocks, bavail } = await statfs(path);
  return { type, totalBytes: blocks * bsize, freeBytes: bavail * bsize };
};

/** True where the numbers of kinds are those of Linux. */
export const nodeIsLinux: boolean = process.platform === "linux";
