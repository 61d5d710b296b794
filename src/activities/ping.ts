/** Who answers on a task queue. */
export interface PingAnswer {
  readonly identity: string;
  readonly pid: number;
}

/** `ping`: a scan asks each queue that it needs whether a worker listens there, before it begins. */
export interface PingActivities {
  ping(): Promise<PingAnswer>;
}

export function createPingActivities(answer: PingAnswer): PingActivities {
  return { ping: () => Promise.resolve(answer) };
}
