import type { EitherHandle } from "./either-file-system.ts";

// Of one directory: what is replaced beyond that frees its old content in the rename, as any other.
const maxKept = 64;

/** Freeing more takes longer than the calls that avoid doing so on the calling thread: at 100 MiB, 18 ms. */
export const quicklyFreedBytes: number = 128 * 1024;

// Until it is freed it takes space that nobody sees.
const unfreedBytes = 256 * 1024;

/**
 * Files of one directory that are replaced again and again, held open from one replace to the next. A rename frees what had the name, on the calling thread,
 * unless someone has it open; then closing frees it, which can be done beside the thread and after the acknowledgement, many at a time: freed one by one, each takes a transaction of its own, which the fsync beside it waits for.
 *
 * Only from the second replace within a short time on: Linux runs no program from a file that is open for writing, and who writes a script to run it writes it once.
 */
export class KeptFiles {
  readonly #open = new Map<string, { readonly handle: EitherHandle; readonly bytes: number; used: boolean }>();
  readonly #written = new Set<string>();
  #retired: EitherHandle[] = [];
  #retiredBytes = 0;

  /** Notes that a name is being replaced; true when its new file is to be handed to {@link KeptFiles.exchange} open. */
  isHot(name: string): boolean {
    const hot = this.#open.has(name) || (this.#written.has(name) && this.#open.size < maxKept);
    this.#written.add(name);
    return hot;
  }

  /** True when the file of that name is open. */
  has(name: string): boolean {
    return this.#open.has(name);
  }

  /** Keeps the file that now has the name, or none; the one before is retired. */
  exchange(name: string, file: { readonly handle: EitherHandle; readonly bytes: number } | null): void {
    const before = this.#open.get(name);
    if (before !== undefined) this.retire(before.handle, before.bytes);
    if (file === null) this.#open.delete(name);
    else if (before !== undefined || this.#open.size < maxKept)
      this.#open.set(name, { handle: file.handle, bytes: file.bytes, used: true });
    // Others that began at the same time have taken the room.
    else this.retire(file.handle, 0);
  }

  /** Takes a file that nobody needs any more, to be closed by one of the next {@link KeptFiles.closeRetired}. `bytes`: how many of the disk's that gives back. */
  retire(handle: EitherHandle, bytes: number): void {
    this.#retired.push(handle);
    this.#retiredBytes += bytes > quicklyFreedBytes ? Number.POSITIVE_INFINITY : bytes;
  }

  /** Closes what was retired once it is many or much: when the calling thread has nothing to do but wait for an fsync. */
  closeRetired(): void {
    if (this.#retired.length + this.#open.size > maxKept || this.#retiredBytes > unfreedBytes) void this.#closeRetired();
  }

  /** Gives back the space that what was retired takes; false when nothing was. */
  async giveBack(): Promise<boolean> {
    if (this.#retired.length === 0) return false;
    await this.#closeRetired();
    return true;
  }

  /** Lets go of what nobody has replaced since the last call. */
  releaseIdle(): void {
    void this.#closeRetired();
    this.#written.clear();
    for (const [name, kept] of this.#open) {
      if (!kept.used) this.#release(name, kept.handle);
      kept.used = false;
    }
  }

  /** Lets go of all. */
  releaseAll(): void {
    void this.#closeRetired();
    for (const [name, { handle }] of this.#open) this.#release(name, handle);
  }

  async #closeRetired(): Promise<void> {
    const retired = this.#retired;
    this.#retired = [];
    this.#retiredBytes = 0;
    await Promise.all(retired.map(closeAside));
  }

  #release(name: string, handle: EitherHandle): void {
    this.#open.delete(name);
    void closeAside(handle);
  }
}

/** Closes a file beside the caller. What was to be durable of it has been synced, so nothing can be lost with a failure. */
export async function closeAside(handle: EitherHandle): Promise<void> {
  try {
    await (handle.closeAside === undefined ? handle.close() : handle.closeAside());
  } catch {
    // See above.
  }
}
