import { userInfo } from 'node:os';

/** Who runs this process, for people; in containers there are users without a name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`.trimEnd();
  }
}
