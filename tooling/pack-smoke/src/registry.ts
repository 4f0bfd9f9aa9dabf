import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A registry for one run: it takes and serves some names itself, and passes every other one through. */
export interface Registry extends AsyncDisposable {
  /** Ends with a slash. */
  readonly url: string;
  /** What was published, in order. */
  readonly published: readonly Publication[];
}

/** One version that was published. */
interface Publication {
  readonly name: string;
  readonly version: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly tarball: Uint8Array;
}

/** What `npm publish` sends. */
interface PublishBody {
  readonly versions: Readonly<Record<string, { readonly dist: { readonly integrity: string } & Record<string, unknown> }>>;
  readonly "dist-tags": Readonly<Record<string, string>>;
  readonly _attachments: Readonly<Record<string, { readonly data: string }>>;
}

/**
 * Opens a registry on a free port of this machine. A version is published once and never again; a name that is not its own
 * is never published, and one that is its own never comes from elsewhere.
 */
export async function openRegistry(options: {
  /** Names that are published here. */
  readonly names: readonly string[];
  /** The registry that has the other names. */
  readonly upstream: string;
}): Promise<Registry> {
  const own = new Set(options.names);
  const published: Publication[] = [];
  const tags = new Map<string, Record<string, string>>();
  let url = "";

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body, type = "application/json" }) => send(response, status, body, type),
      (error: unknown) => send(response, 502, JSON.stringify({ error: String(error) }), "application/json"),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    published,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage): Promise<Answer> {
    const path = decodeURIComponent(new URL(request.url ?? "/", url).pathname).slice(1);
    const [name = "", file] = path.split("/-/");
    if (request.method === "PUT") return own.has(name) ? publish(name, await readJson(request)) : refuse(403, `"${name}" is not ours`);
    if (request.method !== "GET") return refuse(405, `${request.method} is not served`);
    if (!own.has(name)) return passThrough(request);
    if (file === undefined) return packument(name);
    const found = published.find((one) => one.name === name && tarballName(one.name, one.version) === file);
    return found === undefined
      ? refuse(404, `no tarball "${file}"`)
      : { status: 200, body: found.tarball, type: "application/octet-stream" };
  }

  function publish(name: string, body: PublishBody): Answer {
    const [[version, manifest] = []] = Object.entries(body.versions);
    const [attachment] = Object.values(body._attachments);
    if (version === undefined || manifest === undefined || attachment === undefined) return refuse(400, "no version or no tarball");
    if (published.some((one) => one.name === name && one.version === version)) return refuse(409, `"${name}@${version}" is published`);
    const tarball = Buffer.from(attachment.data, "base64");
    const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
    if (manifest.dist.integrity !== integrity) return refuse(400, "the tarball is not the one that the manifest names");
    const dist = { ...manifest.dist, tarball: `${url}${name}/-/${tarballName(name, version)}` };
    published.push({ name, version, manifest: { ...manifest, dist }, tarball });
    tags.set(name, { ...tags.get(name), ...body["dist-tags"] });
    return { status: 201, body: "{}" };
  }

  function packument(name: string): Answer {
    const versions = published.filter((one) => one.name === name);
    if (versions.length === 0) return refuse(404, `"${name}" is not published`);
    const manifests = Object.fromEntries(versions.map(({ version, manifest }) => [version, manifest]));
    return { status: 200, body: JSON.stringify({ name, "dist-tags": tags.get(name), versions: manifests }) };
  }

  async function passThrough({ url: path = "/", headers }: IncomingMessage): Promise<Answer> {
    const response = await fetch(new URL(path.slice(1), options.upstream), { headers: { accept: headers.accept ?? "*/*" } });
    const type = response.headers.get("content-type") ?? "application/octet-stream";
    return { status: response.status, body: new Uint8Array(await response.arrayBuffer()), type };
  }
}

interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly type?: string;
}

function refuse(status: number, error: string): Answer {
  return { status, body: JSON.stringify({ error }) };
}

function tarballName(name: string, version: string): string {
  return `${name.replace(/^@.*\//, "")}-${version}.tgz`;
}

async function readJson(request: IncomingMessage): Promise<PublishBody> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as PublishBody;
}

function send(response: ServerResponse, status: number, body: string | Uint8Array, type: string): void {
  response.writeHead(status, { "content-type": type }).end(body);
}
