/** Of all workflow runs of a server: the most events, the largest payload and history in bytes, and their number. */
export async function historyFigures(client) {
  let [mostEvents, largestPayload, largestHistory, workflowRuns] = [0, 0, 0, 0];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const payloads = [];
    collect(events, payloads);
    workflowRuns++;
    mostEvents = Math.max(mostEvents, events.length);
    largestPayload = payloads.reduce((a, b) => Math.max(a, b), largestPayload);
    largestHistory = Math.max(
      largestHistory,
      payloads.reduce((a, b) => a + b, 0),
    );
  }
  return { mostEvents, largestPayload, largestHistory, workflowRuns };
}

/** Lengths of the `data` of all payloads in a decoded message. */
function collect(value, lengths) {
  if (value instanceof Uint8Array || value === null || typeof value !== 'object') return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'data' && inner instanceof Uint8Array) lengths.push(inner.length);
    else collect(inner, lengths);
  }
}
