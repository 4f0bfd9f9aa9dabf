import { isAbsolute, relative, sep } from "node:path";

/** True for a path inside the folder, or the folder itself. */
export function isInside(directory: string, path: string): boolean {
  const inside = relative(directory, path);
  // Absolute when it is on another drive.
  return inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}
