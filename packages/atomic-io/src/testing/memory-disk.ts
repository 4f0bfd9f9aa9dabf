/** A change to a file that no sync has made durable. */
export type PendingChange =
  | { readonly kind: "write"; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: "truncate"; readonly size: number }
  | { readonly kind: "attributes"; readonly mode: number; readonly uid: number; readonly gid: number };

/** A change to the names of a directory that no sync has made durable; a rename within one directory is one change. */
export interface PendingNames {
  readonly set: readonly (readonly [name: string, inode: number])[];
  readonly remove: readonly string[];
}

/** One inode: what running programs see, what the disk holds for sure, and what lies between. */
export interface Node {
  readonly inode: number;
  readonly kind: "file" | "directory" | "symlink" | "other";
  readonly born: bigint;
  mode: number;
  uid: number;
  gid: number;
  modified: bigint;
  changed: bigint;
  links: number;
  /** Content of a file, target of a link. */
  data: Uint8Array;
  durable: { data: Uint8Array; mode: number; uid: number; gid: number };
  pending: PendingChange[];
  names: Map<string, number>;
  durableNames: Map<string, number>;
  pendingNames: PendingNames[];
}

/** All inodes of a disk; inode 1 is the root. */
export interface Disk {
  readonly nodes: Map<number, Node>;
  nextInode: number;
  /** Counts up with every change, as the file system's own time. */
  ticks: bigint;
}

/** Creates a disk with an empty root. */
export function createDisk(): Disk {
  const disk: Disk = { nodes: new Map(), nextInode: 1, ticks: 1_000_000n };
  addNode(disk, "directory", { mode: 0o755 });
  return disk;
}

/** Adds an inode without a name. */
export function addNode(disk: Disk, kind: Node["kind"], given: { readonly mode: number; readonly data?: Uint8Array }): Node {
  const now = (disk.ticks += 1n);
  const node: Node = {
    inode: disk.nextInode++,
    kind,
    born: now,
    mode: given.mode,
    uid: 1000,
    gid: 1000,
    modified: now,
    changed: now,
    links: kind === "directory" ? 2 : 0,
    data: given.data ?? new Uint8Array(0),
    // A file's content waits for its own sync, a link's target is stored with its name.
    durable: { data: kind === "symlink" ? (given.data ?? new Uint8Array(0)) : new Uint8Array(0), mode: given.mode, uid: 1000, gid: 1000 },
    pending: [],
    names: new Map(),
    durableNames: new Map(),
    pendingNames: [],
  };
  disk.nodes.set(node.inode, node);
  return node;
}

/** Changes what programs see of a file, and notes that the disk does not hold it yet. */
export function changeFile(disk: Disk, node: Node, change: PendingChange): void {
  const now = (disk.ticks += 1n);
  node.pending.push(change);
  node.changed = now;
  if (change.kind === "attributes") {
    node.mode = change.mode;
    node.uid = change.uid;
    node.gid = change.gid;
  } else {
    node.modified = now;
    node.data = applyData(node.data, change);
  }
}

/** Changes the names of a directory, and notes that the disk does not hold it yet. */
export function changeNames(disk: Disk, directory: Node, change: PendingNames): void {
  directory.modified = directory.changed = disk.ticks += 1n;
  applyNames(directory.names, change);
  directory.pendingNames.push(change);
}

/** Makes everything pending of one inode durable. */
export function syncNode(node: Node): void {
  node.durable = { data: node.data, mode: node.mode, uid: node.uid, gid: node.gid };
  node.pending = [];
  node.durableNames = new Map(node.names);
  node.pendingNames = [];
}

/** The content after a write or a truncation; the part between the old end and a later write is zero. */
export function applyData(data: Uint8Array, change: Exclude<PendingChange, { readonly kind: "attributes" }>): Uint8Array {
  if (change.kind === "truncate") {
    const cut = new Uint8Array(change.size);
    cut.set(data.subarray(0, change.size));
    return cut;
  }
  const grown = new Uint8Array(Math.max(data.byteLength, change.position + change.bytes.byteLength));
  grown.set(data);
  grown.set(change.bytes, change.position);
  return grown;
}

/** Applies a change of names to a map of them. */
export function applyNames(names: Map<string, number>, change: PendingNames): void {
  for (const name of change.remove) names.delete(name);
  for (const [name, inode] of change.set) names.set(name, inode);
}
