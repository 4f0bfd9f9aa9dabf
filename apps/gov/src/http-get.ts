const maxBytes = 65_536;

/** Asks an address and reads at most a little of the answer; throws when nobody answers. */
export async function httpGet(
  url: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<{ readonly status: number; readonly body: Uint8Array }> {
  const response = await fetch(url, { signal, redirect: "manual" });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    // One byte more than may be read says that there was more.
    if (size > maxBytes) break;
  }
  return { status: response.status, body: Buffer.concat(chunks).subarray(0, maxBytes + 1) };
}
