import { basename } from "node:path";
import { type Command, stringFlag, UsageError } from "../command.ts";
import { otlpEndpoint } from "../observability/otlp-endpoint.ts";
import { openRoot, rootFlags } from "../root/open-root.ts";
import { createAsk } from "../serve/ask.ts";
import { collectMetrics, metricsPage } from "../serve/collect-metrics.ts";
import type { MetricsFormat } from "../serve/negotiate-metrics.ts";
import { isLoopback, openDashboard } from "../serve/open-dashboard.ts";
import { allSections } from "../serve/sections/all-sections.ts";

const keepMs = 2_000;

/** Serves the dashboard, `/health`, `/metrics` and the read-only `/api` of a governed root until it is stopped. */
export const serve: Command = {
  usage: "",
  maxPositionals: 0,
  flags: {
    ...rootFlags,
    host: { type: "string", value: "<address>", description: "the address to listen on (default: 127.0.0.1)" },
    port: { type: "string", value: "<number>", description: "the port to listen on; 0 takes a free one (default: 4680)" },
    issuer: { type: "string", value: "<url>", description: "the OpenID Connect issuer whose bearer tokens are asked for" },
    audience: { type: "string", value: "<name>", description: "the audience that tokens must be for" },
  },
  examples: ["gov serve", "gov serve --port 8080", "gov serve --host 0.0.0.0 --issuer https://login.example.org --audience gov"],
  async run(context, call) {
    const root = await openRoot(context, call);
    const host = stringFlag(call, "host") ?? "127.0.0.1";
    const [issuer, audience] = [stringFlag(call, "issuer"), stringFlag(call, "audience")];
    if ((issuer === undefined) !== (audience === undefined)) throw new UsageError("--issuer and --audience are given together");
    if (issuer === undefined && !isLoopback(host))
      throw new UsageError(`Anybody who reaches "${host}" could read everything`, "say who may: --issuer and --audience");
    const { discoverOidc } = issuer === undefined ? { discoverOidc: null } : await import("../serve/identity.ts");
    const now = context.clock.now;
    const identity =
      discoverOidc === null || issuer === undefined || audience === undefined ? null : await discoverOidc({ issuer, audience, now });
    const { commands } = call;
    const ask = createAsk(context, { commands, keepMs, place: root });
    const site = { ask, commands, sections: allSections, title: basename(root.directory), version: context.version, now, identity };
    const served = {
      ...site,
      root: { directory: root.directory, fs: context.fs },
      metrics: (format: MetricsFormat) => metricsPage(ask, format),
    };
    await using dashboard = await openDashboard(served, { host, port: portOf(call) });
    const endpoint = otlpEndpoint("metrics", context.env);
    const { openMetricExport } = endpoint === null ? { openMetricExport: null } : await import("../observability/open-metric-export.ts");
    await using exported =
      endpoint === null || openMetricExport === null
        ? null
        : await openMetricExport(endpoint, { ...context, collect: () => collectMetrics(ask), tell: context.tell });
    if (exported !== null) context.tell(`gov: sending metrics to ${String(endpoint?.url)}`);
    context.tell(`gov: serving "${root.directory}" at ${dashboard.url} (Ctrl-C stops it)`);
    await context.untilStopped();
    return { data: { url: dashboard.url }, findings: [], view: [{ type: "line", mark: "none", text: `Served ${dashboard.url}` }] };
  },
};

function portOf(call: Parameters<Command["run"]>[1]): number {
  const text = stringFlag(call, "port") ?? "4680";
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 65_536;
  if (port > 65_535) throw new UsageError(`--port must be a number from 0 to 65535: current value is "${text}"`);
  return port;
}
