import { type Machine, nodeMachine } from "./node-machine.ts";

/** On what numbers were measured; numbers of different machines say nothing about each other. */
export interface HardwareProfile {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_mb: number;
  /** Such as `linux x64`. */
  readonly platform: string;
  /** Such as `node 24.21.0`. */
  readonly runtime: string;
}

/** What a document asks of the machine; only what it names must hold. */
export interface RequiredProfile {
  readonly name: string;
  readonly cpu?: string | undefined;
  readonly cores?: number | undefined;
  /** Within a twentieth: systems keep a part for themselves. */
  readonly memory_mb?: number | undefined;
}

/** Describes the machine that measures (MET-04). */
export function describeHardware(machine: Machine = nodeMachine): HardwareProfile {
  const { cpu, cores, memoryBytes, platform, runtime } = machine.describe();
  return { cpu: cpu.replace(/\s+/g, " ").trim(), cores, memory_mb: Math.round(memoryBytes / 1_048_576), platform, runtime };
}

/** Returns in what a machine differs from the one that is asked for, sorted; empty when it is one of that kind. */
export function profileDifferences(found: HardwareProfile, required: RequiredProfile): readonly string[] {
  const differences: string[] = [];
  const compare = (
    what: string,
    { holds, wanted, is }: { readonly holds: boolean; readonly wanted: number | string | undefined; readonly is: number | string },
  ): void => {
    if (wanted !== undefined && !holds) differences.push(`${what} is ${String(is)}, not ${String(wanted)}`);
  };
  const { cpu, cores, memory_mb: memory } = required;
  compare("cores", { holds: found.cores === cores, wanted: cores, is: found.cores });
  compare("cpu", { holds: found.cpu === cpu, wanted: cpu, is: found.cpu });
  const isNear = memory !== undefined && Math.abs(found.memory_mb - memory) <= memory / 20;
  compare("memory_mb", { holds: isNear, wanted: memory, is: found.memory_mb });
  return differences;
}
