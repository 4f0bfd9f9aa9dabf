import { defineConfig } from "tsup";

/** The one bundler configuration: a package names its entries and nothing else. */
export default function library(options: {
  readonly entry: Record<string, string>;
  readonly types?: boolean;
}): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry: options.entry,
    format: "esm",
    target: "node20.19",
    platform: "node",
    dts: options.types ?? true,
    clean: true,
    splitting: true,
    sourcemap: false,
    treeshake: true,
    silent: true,
  });
}
