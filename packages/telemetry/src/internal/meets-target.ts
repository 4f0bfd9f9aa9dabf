/** Whether a value meets its target. What binary fractions leave over is no miss: 57 of 100 are 57 %. */
export function meetsTarget(
  actual: number,
  { target, direction }: { readonly target: number; readonly direction: "at_least" | "at_most" | "exactly" },
): boolean {
  if (Math.abs(actual - target) <= 1e-9 * Math.max(1, Math.abs(target))) return true;
  if (direction === "exactly") return false;
  return direction === "at_least" ? actual > target : actual < target;
}
