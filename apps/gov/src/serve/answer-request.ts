import type { CommandEntry } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { renderFailure } from "../failure.ts";
import { jsonText, renderJson } from "../render/json.ts";
import type { Answer, Ask } from "./ask.ts";
import { script, style } from "./assets.ts";
import { leadsOut, type ServedRoot } from "./leads-out.ts";
import { markup } from "./markup.ts";
import type { IdentityProvider } from "./identity.ts";
import { type MetricsFormat, metricsTypes, negotiateMetrics } from "./negotiate-metrics.ts";
import { apiPath, renderOpenApi, servedArguments, servedCommands, servedFlags } from "./openapi.ts";
import { renderPage } from "./render-page.ts";
import type { Section } from "./section.ts";

/** A request, as far as it matters. */
export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  /** What the header `Accept` says. */
  readonly accept: string | undefined;
}

/** What is sent back. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What answers are made of. */
export interface Site {
  /** What is asked about; `ask` takes words for paths from there. */
  readonly root: ServedRoot;
  readonly ask: Ask;
  readonly commands: readonly CommandEntry[];
  readonly sections: readonly Section[];
  readonly title: string;
  readonly version: string;
  readonly now: () => number;
  /** Names of hosts that a browser may have asked for; null where an identity is asked for instead. */
  readonly hosts: ReadonlySet<string> | null;
  readonly identity: IdentityProvider | null;
  /** The page of metrics in a format. */
  readonly metrics: (format: MetricsFormat) => Promise<string>;
}

const json = "application/json; charset=utf-8";

/** Answers one request: the page, what stands beside it, `/health`, `/metrics`, and `/api`. Nothing here changes anything. */
export async function answerRequest(asked: Asked, site: Site): Promise<Reply> {
  if (asked.method !== "GET" && asked.method !== "HEAD")
    return { ...problem(405, "only GET and HEAD are answered"), headers: { allow: "GET, HEAD" } };
  // A page of somebody else that resolves its own name to this address is not answered.
  if (site.hosts !== null && !site.hosts.has(asked.host ?? "")) return problem(421, "this is not the host that was asked for");
  const url = URL.parse(asked.target, "http://gov.invalid");
  if (url === null) return problem(400, "this is no path");
  if (url.pathname === "/health") return health(site);
  if (site.identity !== null) {
    const identity = await site.identity.identify(asked.authorization);
    if (!identity.ok) return { ...problem(401, identity.reason), headers: { "www-authenticate": 'Bearer realm="gov"' } };
  }
  switch (url.pathname) {
    case "/":
      return page(site);
    case "/style.css":
      return { status: 200, type: "text/css; charset=utf-8", body: style };
    case "/script.js":
      return { status: 200, type: "text/javascript; charset=utf-8", body: script };
    case "/metrics": {
      const format = negotiateMetrics(asked.accept);
      return { status: 200, type: metricsTypes[format], body: await site.metrics(format), headers: { vary: "accept" } };
    }
    case "/openapi.json":
    case "/openapi-3.0.json": {
      const openapi = url.pathname === "/openapi.json" ? "3.1.0" : "3.0.3";
      const described = await renderOpenApi(site.commands, { version: site.version, openapi, isGuarded: site.identity !== null });
      return { status: 200, type: json, body: jsonText(described) };
    }
    default:
      return api(url, site);
  }
}

async function page({ ask, sections, title, version, now }: Site): Promise<Reply> {
  const head = markup`<link rel="stylesheet" href="/style.css" /><script type="module" src="/script.js"></script>`;
  const body = await renderPage(ask, sections, { title, version, head, madeAt: new Date(now()).toISOString() });
  return { status: 200, type: "text/html; charset=utf-8", body };
}

/** Well means: the root can be read, and its log is not damaged. Documents with findings are no illness of the service. */
async function health({ ask, version }: Site): Promise<Reply> {
  const [root, log] = [await ask(["status"]), await ask(["audit", "verify"])];
  const checks = {
    root: root.ok ? pass : fail(root),
    log: codeOf(log) === exitCodes.integrity || codeOf(log) === exitCodes.io ? fail(log) : pass,
  };
  const isWell = checks.root === pass && checks.log === pass;
  return {
    status: isWell ? 200 : 503,
    type: "application/health+json",
    body: jsonText({ status: isWell ? "pass" : "fail", version, checks }),
  };
}

const pass = { status: "pass" } as const;

function fail(answer: Answer) {
  return { status: "fail", output: answer.ok ? `exit code ${answer.exitCode}` : answer.failure.code } as const;
}

function codeOf(answer: Answer): number {
  return answer.ok ? answer.exitCode : answer.failure.exitCode;
}

async function api(url: URL, { ask, commands, root }: Site): Promise<Reply> {
  const entry = servedCommands(commands).find((candidate) => apiPath(candidate) === url.pathname);
  if (entry === undefined) return problem(404, `there is no "${url.pathname}": see /openapi.json`);
  const command = await entry.load();
  const flags = servedFlags(command, entry);
  const [words, positionals]: [string[], string[]] = [[], []];
  for (const [name, value] of url.searchParams) {
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if ((name === "arg" || flag?.type === "string") && (await leadsOut(value, root)))
      return problem(400, `${JSON.stringify(value)} leads out of the root that is served`);
    if (name === "arg") positionals.push(value);
    else if (flag === undefined) return problem(400, `there is no parameter "${name}"`);
    else if (flag.type === "string") words.push(`--${name}=${value}`);
    else if (value === "true") words.push(`--${name}`);
    else if (value !== "false") return problem(400, `"${name}" must be true or false`);
  }
  if (positionals.length > servedArguments(command)) return problem(400, `at most ${servedArguments(command)} arguments are taken`);
  const answer = await ask([...entry.name.split(" "), ...words, "--", ...positionals]);
  if (!answer.ok) {
    const status = answer.failure.exitCode === exitCodes.usage ? 400 : answer.failure.exitCode === exitCodes.bug ? 500 : 422;
    return { status, type: json, body: renderFailure(answer.failure, "json") };
  }
  return { status: 200, type: json, body: renderJson(answer.outcome, answer.exitCode) };
}

function problem(status: number, message: string): Reply {
  return { status, type: json, body: jsonText({ ok: false, error: { message } }) };
}
