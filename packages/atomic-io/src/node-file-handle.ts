import * as fs from "node:fs";
import type { FileHandle, OpenIntent } from "./file-system.ts";
import { statOf } from "./internal/stat-of.ts";

// Up to here copying into the page cache takes less time than the way through the thread pool and back.
const smallBytes = 128 * 1024;

/** What a call returned or threw, as a promise that is settled already. */
export async function settled<T>(call: () => T): Promise<T> {
  return call();
}

/** An open descriptor of the machine as a {@link FileHandle}. */
export function handleOf(descriptor: number, intent: OpenIntent): FileHandle {
  let open = true;
  // A closed number may by now be another file's.
  const fd = (): number => {
    if (!open) throw Object.assign(new Error("EBADF: the file is closed"), { code: "EBADF" });
    return descriptor;
  };
  return {
    read: (buffer, position) => pooled<number>((done) => fs.read(fd(), buffer, 0, buffer.byteLength, position, done)),
    write: (bytes, position) =>
      bytes.byteLength <= smallBytes
        ? settled(() => fs.writeSync(fd(), bytes, 0, bytes.byteLength, position))
        : pooled<number>((done) => fs.write(fd(), bytes, 0, bytes.byteLength, position, done)),
    sync: () => pooled((done) => fs.fsync(fd(), done)),
    datasync: () => pooled((done) => fs.fdatasync(fd(), done)),
    stat: () => settled(() => statOf(fs.fstatSync(fd(), { bigint: true }))),
    chmod: (mode) => settled(() => fs.fchmodSync(fd(), mode)),
    chown: (uid, gid) => settled(() => fs.fchownSync(fd(), uid, gid)),
    truncate: (size) => settled(() => fs.ftruncateSync(fd(), size)),
    ...(intent === "directory" && process.platform === "linux"
      ? { renameWithin: (from, to) => settled(() => renameAt(fd(), from, to)) }
      : {}),
    close: () =>
      settled(() => {
        if (!open) return;
        open = false;
        fs.closeSync(descriptor);
      }),
  };
}

// Linux resolves these links to the open directory itself, so that this is what renameat(2) does.
function renameAt(directory: number, from: string, to: string): void {
  fs.renameSync(`/proc/self/fd/${directory}/${from}`, `/proc/self/fd/${directory}/${to}`);
}

function pooled<T = void>(call: (done: (error: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => call((error, value) => (error === null ? resolve(value as T) : reject(error))));
}
