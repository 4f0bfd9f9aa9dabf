import { type CommandEntry, UsageError } from "./command.ts";
import { nearest } from "./near-word.ts";

/** What a command line asks for: a command with the words after its name, the help of a noun, or no command at all. */
export type Asked =
  | { readonly type: "command"; readonly entry: CommandEntry; readonly rest: readonly string[] }
  | { readonly type: "noun"; readonly noun: string; readonly entries: readonly CommandEntry[] }
  | { readonly type: "none" };

/** Finds the command that a command line begins with; of two that fit, the longer name. A word that is none is named, with the nearest. */
export function findCommand(argv: readonly string[], table: readonly CommandEntry[]): Asked {
  const [first, second] = argv;
  if (first === undefined || first.startsWith("-") || (first === "help" && argv.length === 1)) return { type: "none" };
  if (first === "help") return findCommand([...argv.slice(1), "--help"], table);
  for (const length of [2, 1]) {
    const name = argv.slice(0, length).join(" ");
    const entry = argv.length >= length ? table.find((candidate) => candidate.name === name) : undefined;
    if (entry !== undefined) return { type: "command", entry, rest: argv.slice(length) };
  }
  const entries = table.filter(({ name }) => name.startsWith(`${first} `));
  if (entries.length > 0 && (second === "--help" || second === "-h")) return { type: "noun", noun: first, entries };
  throw unknown(first, second?.startsWith("-") === true ? undefined : second, { table, entries });
}

function unknown(
  first: string,
  second: string | undefined,
  { table, entries }: { readonly table: readonly CommandEntry[]; readonly entries: readonly CommandEntry[] },
): UsageError {
  const names = table.map(({ name }) => name);
  const siblings = entries.map(({ name }) => name);
  if (siblings.length > 0 && second === undefined)
    return new UsageError(`"gov ${first}" needs a second word`, `one of ${siblings.map((name) => `gov ${name}`).join(", ")}`);
  const said = second === undefined ? first : `${first} ${second}`;
  const near = nearest(said, siblings.length > 0 ? siblings : names) ?? nearest(first, names);
  const what = siblings.length > 0 ? said : first;
  return new UsageError(`Unknown command "${what}"`, near === null ? listing(siblings) : `did you mean "gov ${near}"?`);
}

function listing(siblings: readonly string[]): string {
  return siblings.length === 0 ? "gov --help lists the commands" : `one of ${siblings.map((name) => `gov ${name}`).join(", ")}`;
}
