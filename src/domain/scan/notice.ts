/** What the people of a scan are told, as the notification hook gets it: one JSON object. */
export interface Notice {
  readonly event: NoticeEvent;
  /** Workflow id of the scan. */
  readonly scan: string;
  readonly stand: string;
  /** The procedure it is about, where it is about one. */
  readonly procedure?: string;
  readonly message: string;
}

/** `asks`: waits for a human's answer; `waits`: for something outside, as room on the disk. */
export type NoticeEvent = 'done' | 'failed' | 'aborted' | 'quarantined' | 'asks' | 'waits';
