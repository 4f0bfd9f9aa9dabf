import { isJsonObject, type JsonValue } from "@gov/schema";
import { digestJson } from "@gov/schema/canonical";
import type { HealthEvidence } from "../delivery-evidence.ts";
import type { EvidenceReader, ReadContext } from "./collect-evidence.ts";

/** Asks an address; the application passes the machine's network. It bounds what it reads, and throws when nobody answers. */
export interface HttpGet {
  readonly get: (url: string, context: ReadContext) => Promise<{ readonly status: number; readonly body: Uint8Array }>;
}

const healthyWords: ReadonlySet<string> = new Set(["ok", "up", "pass", "healthy"]);
const maxBody = 65_536;

/**
 * Makes a reader that asks `/health` of each target, all at once (GAT-29). Healthy is who answers 200 to 299 and says so: JSON whose
 * `status` is `ok`, `up`, `pass` or `healthy`, or one of these words as text, in any case. Anything else, an answer that is too long or none
 * included, is not healthy. What was answered is digested as the source.
 *
 * @param targets - addresses such as `https://api.example.org`, or of the health check itself, whose path ends in `/health`; a query is kept.
 */
export function healthReader(targets: readonly string[], options: { readonly http: HttpGet }): EvidenceReader<readonly HealthEvidence[]> {
  return async (context) => {
    const asked = await Promise.all(targets.map(async (target) => ask(target, { http: options.http, context })));
    return {
      value: asked.map(({ answer }) => answer),
      sources: asked.map(({ answer, url, said }) => ({
        path: url,
        digest: digestJson([answer.status, said]),
      })),
    };
  };
}

interface Asked {
  readonly answer: HealthEvidence;
  readonly url: string;
  readonly said: string;
}

async function ask(target: string, { http, context }: { readonly http: HttpGet; readonly context: ReadContext }): Promise<Asked> {
  const url = checkOf(target);
  try {
    const { status, body } = await http.get(url, context);
    const said = body.length > maxBody ? "" : new TextDecoder().decode(body);
    return { answer: { target, status, isHealthy: status >= 200 && status <= 299 && saysHealthy(said) }, url, said };
  } catch {
    return { answer: { target, status: null, isHealthy: false }, url, said: "" };
  }
}

/** The address of the health check of a target; a host may be called `health` as well. */
function checkOf(target: string): string {
  const end = target.search(/[?#]/);
  const [path, query] = end < 0 ? [target, ""] : [target.slice(0, end), target.slice(end)];
  const isHost = /^[^/]*\/\/[^/]*\/?$/.test(path);
  if (!isHost && /\/health\/?$/.test(path)) return target;
  let length = path.length;
  while (path[length - 1] === "/") length--;
  return `${path.slice(0, length)}/health${query}`;
}

function saysHealthy(said: string): boolean {
  if (isHealthyWord(said.trim())) return true;
  const parsed = parse(said);
  return isJsonObject(parsed) && isHealthyWord(parsed["status"]);
}

function isHealthyWord(word: JsonValue | undefined): boolean {
  return typeof word === "string" && healthyWords.has(word.toLowerCase());
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
