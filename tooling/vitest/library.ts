import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { defineProject } from "vitest/config";

// "import" and "default" are not named: they hold by themselves, and named they would hold for what is required too.
const conditions = ["@gov/source", "node"];

const fullProof = process.env["GOV_PROOF"] === "full";

/** The one test configuration: packages resolve each other to their sources, so tests need no build. */
export default function library(directory: string): ReturnType<typeof defineProject> {
  return defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name: basename(directory),
      root: directory,
      include: fullProof ? ["test/**/*.proof.ts"] : ["test/**/*.test.ts"],
      environment: "node",
      // Vitest would leave one processor to itself, while a worker here waits for disks and processes a third of the time. Proofs bound times, so one runs at a time.
      maxWorkers: fullProof ? 1 : Math.max(2, availableParallelism()),
      // Files share what their worker has loaded and V8 has compiled, which halves the time of all of them. So no test may leave anything behind in the environment,
      // in mocks or in modules.
      isolate: false,
      // Reached through node_modules links, yet sources of ours: without this they are not measured.
      server: { deps: { inline: [/@gov\//, /packages\/[^/]+\/src/] } },
      testTimeout: fullProof ? 3_600_000 : 120_000,
    },
  });
}
