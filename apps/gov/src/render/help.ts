import type { Command } from "../command.ts";

const globalFlags: readonly (readonly [string, string])[] = [
  ["--format <text|json>", "how to print the result (default: text)"],
  ["--fail-on <error|warning>", "the lightest finding that fails (default: error)"],
  ["--debug", "show the stack of an unexpected error"],
  ["--version", "print the version"],
  ["--help", "print this help, or that of a command"],
];

/** The everyday help: every command with its one-line summary. */
export function renderHelp(commands: readonly Command[], version: string): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    `gov ${version}: the documents that steer your work, verified like software`,
    "",
    "Usage: gov <command> [arguments] [flags]",
    "",
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    "",
    ...rows(globalFlags),
    "",
    "Exit codes: 0 fine · 1 findings or a gate said FAIL · 2 usage · 3 configuration or input · 4 I/O or lock · 5 integrity · 6 denied · 70 defect",
    "",
    "Start with: gov init, then gov check. Help on one command: gov <command> --help",
    "",
  ].join("\n");
}

/** The help of one command. */
export function renderCommandHelp(command: Command): string {
  const flags = Object.entries(command.flags).map(
    ([name, flag]) => [`--${name}${flag.type === "string" ? ` ${flag.value ?? "<value>"}` : ""}`, flag.description] as const,
  );
  return [
    command.summary,
    "",
    `Usage: gov ${command.name}${command.usage === "" ? "" : ` ${command.usage}`} [flags]`,
    "",
    ...rows([...flags, ...globalFlags.filter(([name]) => name !== "--version")]),
    "",
    "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

function rows(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, description]) => `  ${name.padEnd(width)}  ${description}`);
}
