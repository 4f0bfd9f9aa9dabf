import type { CommandEntry } from "./command.ts";
import { documentCommands } from "./command-tables/documents.ts";
import { recordCommands } from "./command-tables/records.ts";
import { releaseCommands } from "./command-tables/releases.ts";
import { upkeepCommands } from "./command-tables/upkeep.ts";

/**
 * Every command, in the order of the help. A new one is one entry in a table of `command-tables/` and one file in `commands/`; CONTRIBUTING.md beside `src/` says how.
 */
export const commandTable: readonly CommandEntry[] = [...documentCommands, ...releaseCommands, ...recordCommands, ...upkeepCommands];

/** The commands that `gov --help` shows first, by what people are about to do. The rest stands under its nouns. */
export const everydayGroups: readonly { readonly title: string; readonly names: readonly string[] }[] = [
  { title: "Begin", names: ["init", "migrate"] },
  { title: "Look", names: ["check", "status", "explain", "serve"] },
  { title: "Work", names: ["gate", "cycle", "approve"] },
  { title: "Prove", names: ["seal", "verify"] },
];
