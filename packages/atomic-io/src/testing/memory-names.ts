import { addNode, changeNames, type Disk, type Node, syncNode } from "./memory-disk.ts";
import { errnoError, lookUp, nameIn } from "./memory-paths.ts";

/** Gives a node a name in its directory; fails when the name is taken, by whatever. */
export function name(disk: Disk, path: string, make: () => Node): Node {
  const place = lookUp(disk, path, { parent: true });
  if (place.node.names.has(place.name)) throw errnoError("EEXIST", "open", path);
  const node = make();
  if (node.kind !== "directory") node.links += 1;
  changeNames(disk, place.node, { set: [[place.name, node.inode]], remove: [] });
  return node;
}

/** Gives a node a name that no crash takes. */
export function durably(disk: Disk, path: string, make: () => Node): void {
  syncNode(name(disk, path, make));
  syncNode(lookUp(disk, path, { parent: true }).node);
}

/** Moves a name within one directory, wherever that now is. */
export function renameIn(disk: Disk, directory: Node, names: readonly [from: string, to: string]): void {
  const [from, to] = names;
  const inode = directory.names.get(from);
  if (inode === undefined) throw errnoError("ENOENT", "rename", from);
  const replaced = disk.nodes.get(directory.names.get(to) ?? -1);
  if (replaced?.inode === inode) return;
  if (replaced?.kind === "directory") throw errnoError("EISDIR", "rename", to);
  if (replaced !== undefined) replaced.links -= 1;
  changeNames(disk, directory, { set: [[to, inode]], remove: [from] });
}

/** Moves a name, over another one if need be, in one step. */
export function rename(disk: Disk, from: string, to: string): void {
  const source = lookUp(disk, from, { parent: true });
  const target = lookUp(disk, to, { parent: true });
  if (source.node === target.node) {
    renameIn(disk, source.node, [source.name, target.name]);
    return;
  }
  const inode = source.node.names.get(source.name);
  if (inode === undefined) throw errnoError("ENOENT", "rename", from);
  const replaced = disk.nodes.get(target.node.names.get(target.name) ?? -1);
  if (replaced?.inode === inode) return;
  if (replaced?.kind === "directory") throw errnoError("EISDIR", "rename", to);
  if (replaced !== undefined) replaced.links -= 1;
  changeNames(disk, target.node, { set: [[target.name, inode]], remove: [] });
  changeNames(disk, source.node, { set: [], remove: [source.name] });
}

/** Takes a name away. */
export function unlink(disk: Disk, path: string): void {
  const { node } = lookUp(disk, path, { follow: false });
  if (node.kind === "directory") throw errnoError("EISDIR", "unlink", path);
  const place = lookUp(disk, path, { parent: true });
  node.links -= 1;
  changeNames(disk, place.node, { set: [], remove: [place.name] });
}

/** Puts a file there that no crash takes, with the directories above it. */
export function seedFile(disk: Disk, path: string, content: string | Uint8Array): void {
  const segments = path.split("/").filter((segment) => segment !== "");
  for (let depth = 1; depth < segments.length; depth++) {
    const directory = `/${segments.slice(0, depth).join("/")}`;
    if (nameIn(disk, directory) === null) durably(disk, directory, () => addNode(disk, "directory", { mode: 0o755 }));
  }
  durably(disk, path, () =>
    addNode(disk, "file", { mode: 0o644, data: typeof content === "string" ? Buffer.from(content) : Uint8Array.from(content) }),
  );
}

/** Every file by path, as programs see it. */
export function allFiles(disk: Disk): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  const walk = (directory: Node, path: string): void => {
    for (const [name, inode] of [...directory.names].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const node = disk.nodes.get(inode);
      if (node?.kind === "file") found.set(`${path}/${name}`, node.data);
      else if (node?.kind === "directory") walk(node, `${path}/${name}`);
    }
  };
  const root = disk.nodes.get(1);
  if (root !== undefined) walk(root, "");
  return found;
}
