import { flagsOf, globalFlags } from "../arguments.ts";
import type { Command, CommandEntry, Flag } from "../command.ts";
import { everydayGroups } from "../command-table.ts";
import { aligned } from "./aligned.ts";
import { wrapWords } from "./wrap-words.ts";

/** The help of everything: the everyday commands with a summary each, then the rest under its nouns. */
export function renderHelp(table: readonly CommandEntry[], version: string): string {
  const everyday = everydayGroups.map(({ title, names }) => ({ title, entries: table.filter(({ name }) => names.includes(name)) }));
  const shown = new Set(everyday.flatMap(({ entries }) => entries));
  const rest = table.filter((entry) => !shown.has(entry));
  const width = Math.max(...table.map(({ name }) => name.split(" ")[0]?.length ?? 0));
  return [
    `gov ${version}: the documents that steer your work, verified like software`,
    "",
    "Usage: gov <command> [arguments] [flags]",
    ...everyday.flatMap(({ title, entries }) => [
      "",
      `${title}:`,
      ...entries.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    ]),
    "",
    "More:",
    ...nounRows(rest).map(([noun, text]) => `  ${noun.padEnd(width)}  ${text}`),
    "",
    "Exit codes: 0 fine, 1 findings or a gate said FAIL, 2 usage, 3 input, 4 I/O or",
    "lock, 5 integrity, 6 denied, 70 defect, 130 and 143 interrupted",
    "",
    "Start with: gov init, then gov check. Help on one command: gov <command> --help",
    "",
  ].join("\n");
}

/** The help of a noun: its commands, with a summary each. */
export function renderNounHelp(noun: string, entries: readonly CommandEntry[], columns = Infinity): string {
  return [
    `Usage: gov ${noun} <verb> [arguments] [flags]`,
    "",
    ...summaryRows(entries, columns),
    "",
    `Help on one: gov ${noun} <verb> --help`,
    "",
  ].join("\n");
}

/** The help of one command, with the verbs that its name has as a noun; laid out in so many columns, where they are known. */
export function renderCommandHelp(
  entry: CommandEntry,
  command: Command,
  { table, columns = Infinity }: { readonly table: readonly CommandEntry[]; readonly columns?: number | undefined },
): string {
  const verbs = table.filter(({ name }) => name.startsWith(`${entry.name} `));
  const { version: _version, ...global } = globalFlags;
  return [
    ...wrapWords(entry.summary, columns),
    "",
    `Usage: gov ${entry.name}${command.usage === "" ? "" : ` ${command.usage}`} [flags]`,
    "",
    ...flagRows(flagsOf(entry, command), columns),
    "",
    "Flags of every command:",
    ...flagRows(global, columns),
    "",
    "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    ...(verbs.length === 0 ? [] : ["", `More under gov ${entry.name}:`, ...summaryRows(verbs, columns)]),
    "",
  ].join("\n");
}

function summaryRows(entries: readonly CommandEntry[], columns: number): readonly string[] {
  return aligned(
    entries.map(({ name, summary }) => [name, summary]),
    columns,
  ).flat();
}

/** One row a noun with its verbs, and one a command of one word. */
function nounRows(entries: readonly CommandEntry[]): readonly (readonly [noun: string, text: string])[] {
  const verbs = new Map<string, string[]>();
  for (const { name } of entries) {
    const [noun = "", verb] = name.split(" ");
    verbs.set(noun, [...(verbs.get(noun) ?? []), ...(verb === undefined ? [] : [verb])]);
  }
  return [...verbs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([noun, words]) => {
      const own = entries.find(({ name }) => name === noun);
      return [noun, own === undefined ? words.join(", ") : [own.summary, ...words.map((word) => `· ${word}`)].join(" ")];
    });
}

function flagRows(flags: Readonly<Record<string, Flag>>, columns: number): readonly string[] {
  return aligned(
    Object.entries(flags).map(([name, flag]) => [nameOf(name, flag), flag.description]),
    columns,
  ).flat();
}

function nameOf(name: string, { type, value = "<value>", short }: Flag): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${type === "string" ? ` ${value}` : ""}`;
}
