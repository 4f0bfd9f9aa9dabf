/** What a thrown value says; anything can be thrown, also what cannot be made a text. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  try {
    return String(error);
  } catch {
    return "it threw what has no text";
  }
}
