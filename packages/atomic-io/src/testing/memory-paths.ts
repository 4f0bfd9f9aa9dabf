import type { Disk, Node } from "./memory-disk.ts";

/** Where a path leads. */
export interface Place {
  readonly node: Node;
  readonly path: string;
  /** The last segment; only meaningful when the parent was asked for. */
  readonly name: string;
}

/** Follows a path as the kernel does; with `parent` the directory of the last segment is returned. */
export function lookUp(disk: Disk, path: string, how: { readonly follow?: boolean; readonly parent?: boolean }, depth = 0): Place {
  if (!path.startsWith("/")) throw errnoError("EINVAL", "lookup", path);
  if (depth > 40) throw errnoError("ELOOP", "lookup", path);
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  const trail: { readonly node: Node; readonly name: string }[] = [{ node: nodeOf(disk, 1, path), name: "" }];
  const upTo = how.parent === true ? segments.length - 1 : segments.length;
  if (upTo < 0) throw errnoError("EEXIST", "lookup", path);
  for (let index = 0; index < upTo; index++) {
    const segment = segments[index] as string;
    const here = (trail.at(-1) as { node: Node }).node;
    if (here.kind !== "directory") throw errnoError("ENOTDIR", "lookup", path);
    if (segment === "..") {
      if (trail.length > 1) trail.pop();
      continue;
    }
    if (segment.length > 255) throw errnoError("ENAMETOOLONG", "lookup", path);
    const inode = here.names.get(segment);
    if (inode === undefined) throw errnoError("ENOENT", "lookup", path);
    const node = nodeOf(disk, inode, path);
    if (node.kind === "symlink" && (index < segments.length - 1 || how.follow === true)) {
      const target = linkTarget(node, path);
      const base = target.startsWith("/") ? target : `${pathOf(trail)}/${target}`;
      return lookUp(disk, [base, ...segments.slice(index + 1)].join("/"), how, depth + 1);
    }
    trail.push({ node, name: segment });
  }
  const last = trail.at(-1) as { node: Node };
  if (how.parent === true && last.node.kind !== "directory") throw errnoError("ENOTDIR", "lookup", path);
  const name = segments.at(-1) ?? "";
  if (name.length > 255) throw errnoError("ENAMETOOLONG", "lookup", path);
  return { node: last.node, path: pathOf(trail) || "/", name };
}

/** The inode of a path whose last segment is not followed, or null. */
export function nameIn(disk: Disk, path: string): number | null {
  const place = lookUp(disk, path, { parent: true });
  return place.node.names.get(place.name) ?? null;
}

/** What a symbolic link says. */
export function linkTarget(node: Node, path: string): string {
  if (node.kind !== "symlink") throw errnoError("EINVAL", "readlink", path);
  return Buffer.from(node.data).toString("utf8");
}

/** An error as Node reports one. */
export function errnoError(code: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${syscall} "${path}"`), { code, syscall, path });
}

function pathOf(trail: readonly { readonly name: string }[]): string {
  return trail.map((step) => step.name).join("/");
}

function nodeOf(disk: Disk, inode: number, path: string): Node {
  const node = disk.nodes.get(inode);
  // A crash can keep a name whose inode was never stored.
  if (node === undefined) throw errnoError("EIO", "lookup", path);
  return node;
}
