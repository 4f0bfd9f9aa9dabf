/** Returns what is made while something is held, and lets go of it when that fails: why it failed is told, whether or not letting go succeeds. */
export async function orLetGo<T>(release: () => Promise<void>, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    try {
      await release();
    } catch {
      // Of two failures the first says what to do.
    }
    throw error;
  }
}
