import type { Finding } from "@gov/schema";
import type { Context } from "./context.ts";
import type { ExitCode } from "./exit-codes.ts";

/** One flag of a command, in the terms of `node:util` `parseArgs`. */
export interface Flag {
  readonly type: "string" | "boolean";
  readonly description: string;
  /** Shown after the flag in the help, such as `<path>`. */
  readonly value?: string | undefined;
  readonly multiple?: boolean | undefined;
  /** One letter that means the same after a single dash. */
  readonly short?: string | undefined;
  /** The only values there are, for the completion of a shell. */
  readonly words?: readonly string[] | undefined;
}

/** Parsed flags of one call. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What a command was called with. */
export interface Call {
  readonly positionals: readonly string[];
  readonly flags: Flags;
  /** Every command there is, for those that speak of commands. */
  readonly commands: readonly CommandEntry[];
}

/**
 * One line of the command table: everything that a help or a permission needs, and how to get the rest. Nothing else of a command is
 * loaded until it is called.
 */
export interface CommandEntry {
  /** One or two words; the first of two is the noun under which the help lists it. */
  readonly name: string;
  readonly summary: string;
  /**
   * The permission, area and verb, that whoever calls it needs, for a command that can change anything; null for one that only reads.
   * The file system of a command is read-only until the permission was given.
   */
  readonly action: string | null;
  /** Flags without any of which the command only reads. @default it can change something with any */
  readonly changesWith?: readonly string[] | undefined;
  readonly load: () => Promise<Command>;
}

/** A command: how it is called, and what it does. It returns data and never prints. */
export interface Command {
  /** Positional arguments as shown in the help, such as `[root]`. */
  readonly usage: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** At most so many positional arguments. */
  readonly maxPositionals: number;
  readonly examples: readonly string[];
  readonly run: (context: Context, call: Call) => Promise<Outcome>;
}

/** What a command found out. The one renderer turns it into text or JSON. */
export interface Outcome {
  /** What `--format json` prints, beside `ok` and `findings`. Must be JSON. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
  /** What a person reads, in order. */
  readonly view: readonly Block[];
  /** Set where findings alone do not decide; then it wins. */
  readonly exitCode?: ExitCode | undefined;
}

/** A piece of what a person reads: one line, labelled values, indented lines, columns under headings, or text that is printed as it is. */
export type Block =
  | { readonly type: "line"; readonly mark: Mark; readonly text: string }
  | { readonly type: "table"; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly type: "raw"; readonly text: string }
  | { readonly type: "values"; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly type: "lines"; readonly lines: readonly string[] };

/** How a line is marked: passed, failed, worth a look, or plain. */
export type Mark = "pass" | "fail" | "warn" | "none";

/** A wrong command line, exit code 2; one without a hint is shown with an example of the command and a pointer to its help. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code = "CLI_USAGE";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Somebody may not do this; exit code 6, and nothing has changed but the log, which says so. */
export class DeniedError extends Error {
  override readonly name = "DeniedError";
  readonly code = "CLI_DENIED";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** A configuration or an input that cannot be used, with every reason; exit code 3. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly code: string;
  readonly hint: string | undefined;
  readonly findings: readonly Finding[];

  constructor(code: string, message: string, options: { readonly hint?: string | undefined; readonly findings?: readonly Finding[] } = {}) {
    super(message);
    this.code = code;
    this.hint = options.hint;
    this.findings = options.findings ?? [];
  }
}

/** The value of a string flag, or undefined when it was not given. */
export function stringFlag(call: Call, name: string): string | undefined {
  const value = call.flags[name];
  return typeof value === "string" ? value : undefined;
}

/** Every value of a flag that may be repeated. */
export function listFlag(call: Call, name: string): readonly string[] {
  const value = call.flags[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Whether the call only says what it would do. */
export function isDryRun(call: Call): boolean {
  return call.flags["dry-run"] === true;
}

/** The value of a string flag that must be given. */
export function requiredFlag(call: Call, name: string): string {
  const value = stringFlag(call, name);
  if (value === undefined || value === "") throw new UsageError(`Missing --${name}`);
  return value;
}
