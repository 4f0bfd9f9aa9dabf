import type { EitherHandle } from "./either-file-system.ts";

// Of one directory: what is replaced beyond that frees its old content in the rename, as any other.
const maxKept = 64;

/**
 * Files of one directory that are replaced again and again, held open from one replace to the next. A rename frees what had the name, on the calling thread,
 * unless someone has it open; then closing frees it, which can be done beside the thread and after the acknowledgement.
 *
 * Only from the second replace within a short time on: Linux runs no program from a file that is open for writing, and who writes a script to run it writes it once.
 */
export class KeptFiles {
  readonly #open = new Map<string, { readonly handle: EitherHandle; used: boolean }>();
  readonly #written = new Set<string>();
  #retired: EitherHandle[] = [];

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
  exchange(name: string, handle: EitherHandle | null): void {
    const before = this.#open.get(name);
    if (before !== undefined) this.retire(before.handle);
    if (handle === null) this.#open.delete(name);
    else if (before !== undefined || this.#open.size < maxKept) this.#open.set(name, { handle, used: true });
    // Others that began at the same time have taken the room.
    else this.retire(handle);
  }

  /** Takes a file that nobody needs any more, to be closed by the next {@link KeptFiles.closeRetired}. */
  retire(handle: EitherHandle): void {
    this.#retired.push(handle);
  }

  /** Closes what was retired: once the calling thread has nothing to do but wait for an fsync. */
  closeRetired(): void {
    const retired = this.#retired;
    this.#retired = [];
    for (const handle of retired) closeAside(handle);
  }

  /** Lets go of what nobody has replaced since the last call. */
  releaseIdle(): void {
    this.#written.clear();
    for (const [name, kept] of this.#open) {
      if (!kept.used) this.#release(name, kept.handle);
      kept.used = false;
    }
  }

  /** Lets go of all. */
  releaseAll(): void {
    for (const [name, { handle }] of this.#open) this.#release(name, handle);
  }

  #release(name: string, handle: EitherHandle): void {
    this.#open.delete(name);
    closeAside(handle);
  }
}

/** Closes a file beside the caller. What was to be durable of it has been synced, so nothing can be lost with a failure. */
export function closeAside(handle: EitherHandle): void {
  const close = async (): Promise<void> => (handle.closeAside ?? handle.close)();
  close().catch(() => undefined);
}
