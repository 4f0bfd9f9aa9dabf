import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { DocumentsFixture } from "../fixtures/documents.ts";
import type { Peers } from "../peers.ts";

interface Builder {
  readonly build: () => Promise<void>;
  readonly on: (event: "transformer:validation-error", listener: () => void) => void;
}

interface ContentCollections {
  readonly createBuilder: (config: string, options: { readonly configName: string; readonly outputDir: string }) => Promise<Builder>;
}

/** Content-collections over the same folder, with the same schema: how many documents it finds invalid. */
export async function contentCollectionsChecker(
  fixture: DocumentsFixture,
  options: { readonly peers: Peers; readonly scratch: string },
): Promise<{ readonly name: string; readonly invalid: () => Promise<number> }> {
  const { peers } = options;
  const { createBuilder } = await peers.load<ContentCollections>("@content-collections/core");
  const scratch = join(options.scratch, "content-collections");
  await mkdir(scratch);
  await symlink(join(await peers.directory(), "node_modules"), join(scratch, "node_modules"), "junction");
  const config = join(scratch, "content-collections.ts");
  await writeFile(config, configText(relative(scratch, fixture.directory)));
  const invalid = async (): Promise<number> => {
    const builder = await createBuilder(config, { configName: "bench.config.mjs", outputDir: join(scratch, "generated") });
    let count = 0;
    builder.on("transformer:validation-error", () => (count += 1));
    await builder.build();
    return count;
  };
  return { name: await peers.label("@content-collections/core"), invalid };
}

function configText(directory: string): string {
  return `import { defineCollection, defineConfig } from "@content-collections/core";
import { z } from "zod";

const plans = defineCollection({
  name: "plans",
  directory: ${JSON.stringify(directory)},
  include: "**/*.md",
  schema: z.object({
    id: z.string().regex(/^PLN-[0-9]+$/),
    version: z.string(),
    status: z.enum(["draft", "review", "approved"]),
    title: z.string().min(1),
    owners: z.array(z.string()).min(1),
    tags: z.array(z.string()),
    created: z.string().optional(),
    estimate: z.number().int().min(0).optional(),
    summary: z.string().optional(),
    content: z.string(),
  }),
});

export default defineConfig({ content: [plans] });
`;
}
