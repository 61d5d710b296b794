/** The Web UI of a dev server lies 1000 above its port; undefined where nothing answers there within a second. */
export async function findUi(address: string): Promise<string | undefined> {
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  if (host === undefined || port === undefined) return undefined;
  const url = `http://${host}:${Number(port) + 1000}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await answer.body?.cancel();
    return answer.ok ? url : undefined;
  } catch {
    return undefined;
  }
}
