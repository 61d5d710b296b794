import { expect, test } from 'vitest';
import { parseReply } from '../../../src/domain/analysis/job.js';

test.each(['', '{"outputs": {', '[]', 'null', '1', '{"error": "text"}', '{"error": {"message": 1}}'])(
  '%j is no reply',
  (text) => expect(parseReply(text)).toBeUndefined(),
);

test.each(['{}', '{"outputs": null, "quality": "ask"}', '{"error": {"message": "no beam", "remedy": "wait"}}'])(
  '%s is a reply',
  (text) => expect(parseReply(text)).toEqual(JSON.parse(text)),
);
