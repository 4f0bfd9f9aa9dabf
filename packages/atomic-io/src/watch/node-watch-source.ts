import { watch } from "node:fs";
import type { WatchSource } from "./watch-source.ts";

/** The machine's file events: the one Node default of the {@link WatchSource} port. Keeps the process alive until it is closed. */
export const nodeWatchSource: WatchSource = (directory, { onEvent, onError }) => {
  const watcher = watch(directory);
  watcher.on("change", (_type, name) => onEvent(name === null ? null : String(name)));
  watcher.on("error", onError);
  return () => watcher.close();
};
