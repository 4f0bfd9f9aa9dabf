import { parseArgs } from "node:util";
import { type Call, type Command, type CommandEntry, type Flag, type Flags, UsageError } from "./command.ts";
import { nearest } from "./near-word.ts";

/** How results can be printed. `text` is the older word for `pretty`. */
export const formats = ["pretty", "json", "sarif", "junit", "github", "markdown"] as const;

/** One of {@link formats}. */
export type Format = (typeof formats)[number];

/** Flags of every command. */
export const globalFlags: Readonly<Record<string, Flag>> = {
  format: { type: "string", value: "<format>", words: formats, description: `${formats.join(", ")} (default: pretty)` },
  "fail-on": {
    type: "string",
    value: "<severity>",
    words: ["error", "warning"],
    description: "the lightest finding that fails: error (default) or warning",
  },
  "as-of": { type: "string", value: "<time>", description: "judge as at that time, such as 2026-11-30T00:00:00Z" },
  quiet: { type: "boolean", short: "q", description: "print nothing but what fails" },
  verbose: { type: "boolean", short: "v", description: "say on standard error what is done, and how long it takes" },
  debug: { type: "boolean", description: "show the stack of an unexpected error" },
  help: { type: "boolean", short: "h", description: "print this help, or that of a command" },
  version: { type: "boolean", short: "V", description: "print the version" },
};

/** Flags of every command that changes something. */
const changeFlags: Readonly<Record<string, Flag>> = {
  "dry-run": { type: "boolean", description: "say what would be done and change nothing" },
  actor: {
    type: "string",
    value: "<name>",
    description: "who acts, unproven (default: whose GOV_SIGNING_KEY it is, else git's user.email)",
  },
};

/** The flags of a command, those of every command aside. */
export function flagsOf({ action }: CommandEntry, command: Command): Readonly<Record<string, Flag>> {
  return action === null ? command.flags : { ...command.flags, ...changeFlags };
}

/** Parses what stands after the name of a command; a wrong word is named, with the one that may have been meant. */
export function parseArguments(
  args: readonly string[],
  flags: Readonly<Record<string, Flag>>,
  maxPositionals: number,
): { readonly values: Flags; readonly positionals: Call["positionals"] } {
  const options = Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, optionOf(flag)]));
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    if (positionals.length > maxPositionals) throw new UsageError(`Unexpected argument "${positionals[maxPositionals] ?? ""}"`);
    return { values: values as Flags, positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const message = error instanceof Error ? (error.message.split(/\. |\n/)[0] ?? "") : String(error);
    const unknown = /'(--[^']+)'/.exec(message)?.[1]?.slice(2);
    // A flag that is known has a value that may be the next flag.
    if (unknown !== undefined && unknown in flags) throw new UsageError(message, `a value that begins with a dash: --${unknown}=<value>`);
    const isFormat = formats.some((format) => format === unknown);
    const near = unknown === undefined ? null : isFormat ? `format ${unknown}` : nearest(unknown, Object.keys(flags));
    throw new UsageError(message, near === null ? undefined : `did you mean "--${near}"?`);
  }
}

/** The value of a flag that allows a few words only. */
export function oneOf<T extends string>(flag: string, value: Flags[string], allowed: readonly T[], fallback: T): T {
  if (value === undefined) return fallback;
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new UsageError(`--${flag} must be one of ${allowed.join(", ")}: current value is "${String(value)}"`);
  return found;
}

/** The format that a command line asks for, read without regard to anything else that may be wrong with it. */
export function wantedFormat(argv: readonly string[]): Format {
  const at = argv.findIndex((word) => word === "--format" || word.startsWith("--format="));
  const value = argv[at] === "--format" ? argv[at + 1] : argv[at]?.slice("--format=".length);
  return (at === -1 ? undefined : formats.find((format) => format === value)) ?? "pretty";
}

function optionOf({ type, short, multiple = false }: Flag): { type: Flag["type"]; multiple: boolean; short?: string } {
  return short === undefined ? { type, multiple } : { type, multiple, short };
}
