import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerRequest, type Reply, type Site } from "./answer-request.ts";

/** A dashboard that answers until it is closed. */
export interface Dashboard extends AsyncDisposable {
  /** Where it answers; ends with a slash. */
  readonly url: string;
}

/** Sent with every answer: nothing is loaded from elsewhere, nobody may frame it, and no address leaks. */
const headers = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/** Opens the dashboard. `site.hosts` is filled in for loopback: only names of this machine are answered. */
export async function openDashboard(
  site: Omit<Site, "hosts">,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Dashboard> {
  const hosts = new Set<string>();
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 16_384 }, (request, response) => {
    void reply(request, response, { ...site, hosts: site.identity === null ? hosts : null });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  for (const name of ["127.0.0.1", "localhost", "[::1]"]) hosts.add(`${name}:${actual}`);
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${actual}/`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function reply(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  const { method = "GET", url: target = "/", headers: sent } = request;
  const { host, authorization, accept } = sent;
  const {
    status,
    type,
    body,
    headers: own,
  }: Reply = await answerRequest({ method, target, host, authorization, accept }, site).catch(() => ({
    status: 500,
    type: "text/plain; charset=utf-8",
    body: "This is a defect of gov.\n",
  }));
  response.writeHead(status, { ...headers, ...own, "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(method === "HEAD" ? undefined : body);
}

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
