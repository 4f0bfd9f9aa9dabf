import { type Command, type CommandEntry, UsageError } from "./command.ts";

/** Gives a wrong command line that has no hint of its own an example of the command: one with the flag that it speaks of, where there is one. */
export function withExample(error: unknown, { name }: CommandEntry, { examples }: Command): unknown {
  if (!(error instanceof UsageError) || error.hint !== undefined) return error;
  const flag = /--[a-z][a-z-]*/.exec(error.message)?.[0] ?? "";
  const example = examples.find((one) => one.split(" ").includes(flag)) ?? examples[0] ?? `gov ${name}`;
  return new UsageError(error.message, `such as ${example}; gov ${name} --help says more`);
}
