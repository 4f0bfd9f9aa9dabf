import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";

/** What is known of who sends. */
export interface Sender {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** Who sends, as collectors show it: `OTEL_SERVICE_NAME`, else `gov`. */
export function serviceResource({ env, version }: Sender): Resource {
  const name = env["OTEL_SERVICE_NAME"] ?? "";
  return resourceFromAttributes({ "service.name": name === "" ? "gov" : name, "service.version": version });
}
