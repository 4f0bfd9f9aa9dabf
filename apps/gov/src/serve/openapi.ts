import { globalFlags } from "../arguments.ts";
import type { Command, CommandEntry, Flag } from "../command.ts";
import { metricsTypes } from "./negotiate-metrics.ts";

/**
 * Commands that make no sense over HTTP: they run until they are stopped, or print a script for a shell; sign with the key of the service, which is not theirs who ask; or
 * run the modules of a draft, which nobody has approved.
 */
const notServed: ReadonlySet<string> = new Set(["attest", "attest build", "completion", "policy simulate", "report", "serve", "watch"]);

/** The commands that only read, which are what `/api` answers; those that change something with a flag are there without it. */
export function servedCommands(table: readonly CommandEntry[]): readonly CommandEntry[] {
  return table.filter(({ name, action, changesWith }) => (action === null || changesWith !== undefined) && !notServed.has(name));
}

/** Where a command is answered. */
export function apiPath({ name }: Pick<CommandEntry, "name">): string {
  return `/api/${name.split(" ").join("/")}`;
}

/**
 * Flags that choose a file or a folder: a root is chosen when the service is started, and a question chooses nothing outside it. Neither do its other words, whichever a
 * command takes for a path: `leadsOut` judges them all.
 */
const choosesFile = /^<(?:file|folder|path)>$/;

/** The flags that a question over HTTP may carry. */
export function servedFlags(command: Command, { changesWith = [] }: CommandEntry): Readonly<Record<string, Flag>> {
  const own = Object.entries(command.flags).filter(([name, { value }]) => !choosesFile.test(value ?? "") && !changesWith.includes(name));
  const time = globalFlags["as-of"];
  return { ...Object.fromEntries(own), ...(time !== undefined && { "as-of": time }) };
}

/** How many positional arguments a question over HTTP may carry; a command whose argument is a root takes none. */
export function servedArguments({ usage, maxPositionals }: Command): number {
  return usage.includes("[root]") ? 0 : maxPositionals;
}

/**
 * Describes `/api` in OpenAPI 3.1 or, for tools that know no other, 3.0. Every command that only reads is there, with its flags as
 * parameters; positional arguments are given as `arg`, in order.
 */
export async function renderOpenApi(
  table: readonly CommandEntry[],
  options: { readonly version: string; readonly openapi: "3.0.3" | "3.1.0"; readonly isGuarded: boolean },
): Promise<Readonly<Record<string, unknown>>> {
  const paths: Record<string, unknown> = {};
  for (const entry of servedCommands(table)) paths[apiPath(entry)] = { get: await describe(entry) };
  return {
    openapi: options.openapi,
    info: {
      title: "gov",
      version: options.version,
      description:
        "What gov answers about a governed root, read-only. A word that leads out of this root when it is taken for a path, by itself or by a link, is refused with 400; so is -, which is standard input.",
      license: { name: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    ...(options.isGuarded && { security: [{ bearer: [] }] }),
    paths: {
      ...paths,
      "/health": {
        get: {
          operationId: "health",
          summary: "Whether the root can be read and its log holds",
          security: [],
          responses: { 200: { description: "Well" }, 503: { description: "Not well; the body says why" } },
        },
      },
      "/metrics": {
        get: {
          operationId: "metrics",
          summary: "Metrics in the Prometheus text format, or in OpenMetrics where the header Accept prefers that",
          responses: {
            200: { description: "Metrics", content: Object.fromEntries(Object.values(metricsTypes).map((type) => [type, text])) },
          },
        },
      },
    },
    components: {
      schemas: { Answer: answer },
      ...(options.isGuarded && { securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } }),
    },
  };
}

async function describe(entry: CommandEntry): Promise<Readonly<Record<string, unknown>>> {
  const command = await entry.load();
  const maxItems = servedArguments(command);
  const argument = {
    name: "arg",
    in: "query",
    description: `Positional arguments: ${command.usage}. Paths are relative to the root, and lead to nothing outside it.`,
    schema: { type: "array", items: { type: "string" }, maxItems },
    explode: true,
  };
  return {
    operationId: entry.name.replaceAll(" ", "_").replaceAll("-", "_"),
    summary: entry.summary,
    parameters: [
      ...(maxItems > 0 ? [argument] : []),
      ...Object.entries(servedFlags(command, entry)).map(([name, flag]) => parameter(name, flag)),
    ],
    responses: {
      200: { description: "The answer", content: { "application/json": { schema: { $ref: "#/components/schemas/Answer" } } } },
      400: { description: "The question is wrong; the body says how" },
      401: { description: "Who asks is not known" },
      404: { description: "There is no such command" },
    },
  };
}

function parameter(name: string, { type, description, multiple = false, words }: Flag): Readonly<Record<string, unknown>> {
  const one = type === "boolean" ? { type: "boolean" } : { type: "string", ...(words !== undefined && { enum: words }) };
  return { name, in: "query", description, schema: multiple ? { type: "array", items: one } : one };
}

const text = { schema: { type: "string" } };

const answer = {
  type: "object",
  required: ["ok", "findings"],
  properties: {
    ok: { type: "boolean", description: "Whether the command exits with 0" },
    findings: {
      type: "array",
      items: {
        type: "object",
        required: ["code", "severity", "message"],
        properties: {
          code: { type: "string" },
          severity: { type: "string", enum: ["error", "warning", "note"] },
          message: { type: "string" },
        },
      },
    },
  },
};
