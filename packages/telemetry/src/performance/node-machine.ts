import { arch, cpus, platform, totalmem } from "node:os";

/** Tells what machine this is. */
export interface Machine {
  readonly describe: () => {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly platform: string;
    readonly runtime: string;
  };
}

/** The machine this runs on: the Node default of the `Machine` port. */
export const nodeMachine: Machine = {
  describe: () => {
    const all = cpus();
    const model = all[0]?.model ?? "unknown";
    return {
      cpu: model,
      cores: all.length,
      memoryBytes: totalmem(),
      platform: `${platform()} ${arch()}`,
      runtime: `node ${process.versions.node}`,
    };
  },
};
