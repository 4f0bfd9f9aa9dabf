import type { LogPlace } from "@gov/schema";

/** Where the logs of the governed roots are kept that one call opened. */
export interface LogPlaces {
  /** Told by whoever read the configuration of a root. */
  readonly keepsLogIn: (directory: string, place: LogPlace) => void;
  /** In the root's own file, unless its configuration says otherwise. */
  readonly logOf: (directory: string) => LogPlace;
}

/** Creates the places of one call. */
export function createLogPlaces(): LogPlaces {
  const places = new Map<string, LogPlace>();
  return {
    keepsLogIn: (directory, place) => void places.set(directory, place),
    logOf: (directory) => places.get(directory) ?? { store: "file" },
  };
}
