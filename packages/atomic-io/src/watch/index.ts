/**
 * The last state of a file is always delivered, whether its writers replace it or write into it; temporaries never are.
 *
 * @packageDocumentation
 */
export type { FileChange, Watch, WatchedWriting, WatchOptions } from "./file-change.ts";
export { openDirectoryWatch, openFileWatch } from "./open-watch.ts";
export { type DualRead, readDual, type ReadDualOptions, type StragglerReason } from "./read-dual.ts";
export type { WatchListener, WatchSource } from "./watch-source.ts";
