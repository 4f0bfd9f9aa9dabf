import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { openRegistry, type Registry } from "../src/registry.ts";

const tarball = Buffer.from("the bytes of a package");

function publication(version = "1.0.0", bytes = tarball): string {
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  return JSON.stringify({
    versions: { [version]: { name: "@gov/schema", version, dist: { integrity } } },
    "dist-tags": { latest: version },
    _attachments: { "schema.tgz": { data: bytes.toString("base64") } },
  });
}

async function withRegistry(use: (registry: Registry, asked: readonly string[]) => Promise<void>): Promise<void> {
  const asked: string[] = [];
  const upstream = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end('{"name":"zod"}');
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const address = upstream.address() as AddressInfo;
  try {
    await using registry = await openRegistry({ names: ["@gov/schema"], upstream: `http://127.0.0.1:${address.port}/` });
    await use(registry, asked);
  } finally {
    upstream.closeAllConnections();
    upstream.close();
  }
}

const put = (registry: Registry, name: string, body: string) =>
  fetch(`${registry.url}${encodeURIComponent(name)}`, { method: "PUT", body });

describe("openRegistry()", () => {
  it("serves what was published: the manifest, then the bytes of the tarball", () =>
    withRegistry(async (registry) => {
      expect((await put(registry, "@gov/schema", publication())).status).toBe(201);
      const found = (await (await fetch(`${registry.url}@gov%2fschema`)).json()) as {
        "dist-tags": unknown;
        versions: Record<string, { dist: { tarball: string } }>;
      };
      expect(found["dist-tags"]).toEqual({ latest: "1.0.0" });
      const bytes = await (await fetch(found.versions["1.0.0"]?.dist.tarball ?? "")).arrayBuffer();
      expect(Buffer.from(bytes)).toEqual(tarball);
    }));

  it("publishes a version once, and only the bytes that its manifest names", () =>
    withRegistry(async (registry) => {
      expect((await put(registry, "@gov/schema", publication("1.0.0", Buffer.from("other bytes")))).status).toBe(400);
      expect((await put(registry, "@gov/schema", publication())).status).toBe(201);
      expect((await put(registry, "@gov/schema", publication())).status).toBe(409);
      expect(registry.published.map(({ version }) => version)).toEqual(["1.0.0"]);
    }));

  it("refuses names that are not its own, and never asks elsewhere for its own", () =>
    withRegistry(async (registry, asked) => {
      expect((await put(registry, "zod", publication())).status).toBe(403);
      expect((await fetch(`${registry.url}@gov%2fschema`)).status).toBe(404);
      expect(asked).toEqual([]);
    }));

  it("passes other names through", () =>
    withRegistry(async (registry, asked) => {
      expect(await (await fetch(`${registry.url}zod`)).json()).toEqual({ name: "zod" });
      expect(asked).toEqual(["/zod"]);
    }));
});
