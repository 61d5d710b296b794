import { describe, expect, it } from 'vitest';
import { compareVersions, judge } from '../../../src/io/temporal/cli-version.js';

describe('what a Temporal CLI says of itself', () => {
  it('is taken from 1.5.0 on', () => {
    const released = { usable: true, version: '1.5.1' };
    expect(judge('temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)\n')).toEqual(released);
    expect(judge('temporal version 1.10.0 (Server 1.32.0, UI 2.50.0)')).toMatchObject({ usable: true });
  });

  it('is refused where it is older, with both versions', () => {
    const old = judge('temporal version 1.4.9 (Server 1.28.0, UI 2.40.0)');
    expect(old).toEqual({ usable: false, reason: 'it is version 1.4.9, at least 1.5.0 is needed' });
  });

  it('is judged by its server where a build has no version', () => {
    expect(judge('temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)')).toMatchObject({
      usable: true,
      note: 'a build without a version (0.0.0-DEV), taken for its server 1.29.1',
    });
    expect(judge('temporal version 0.0.0-DEV (Server 1.27.0, UI 2.42.1)')).toMatchObject({ usable: false });
    expect(judge('temporal version 0.0.0-DEV')).toMatchObject({ usable: false });
  });

  it('may be another program altogether', () => {
    expect(judge('temporal: an unrelated tool\nmore')).toEqual({
      usable: false,
      reason: "it answers 'temporal: an unrelated tool', not a Temporal version",
    });
  });

  it('is compared number by number', () => {
    expect(compareVersions('1.10.0', '1.9.9')).toBeGreaterThan(0);
    expect(compareVersions('1.5.0', '1.5.0')).toBe(0);
    expect(compareVersions('1.5.0-rc.1', '1.5.1')).toBeLessThan(0);
  });
});
