/** Runs what refuses by a RangeError a value that cannot be. Where that value came from outside it is told as `refusal` says, and is no defect. */
export async function orRefuse<T>(run: () => T | Promise<T>, refusal: (message: string) => Error): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof RangeError ? refusal(error.message) : error;
  }
}
