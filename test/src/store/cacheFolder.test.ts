import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { cacheFolder } from '../../../src/store/cacheFolder.js';

test.each([
  [{ XDG_CACHE_HOME: '/tmp/cache', HOME: '/home/a' }, 'linux', join('/tmp/cache', 'limitlaw')],
  [{ HOME: '/home/a' }, 'linux', join('/home/a', '.cache', 'limitlaw')],
  // The standard: a path that is not absolute counts for nothing.
  [{ XDG_CACHE_HOME: 'cache', HOME: '/home/a' }, 'linux', join('/home/a', '.cache', 'limitlaw')],
  [{ HOME: '/Users/a' }, 'darwin', join('/Users/a', 'Library', 'Caches', 'limitlaw')],
  [{}, 'linux', undefined],
  [{ LOCALAPPDATA: '/local', HOME: '/home/a' }, 'win32', join('/local', 'limitlaw')],
])('%p on %s', (environment, platform, expected) => {
  expect(cacheFolder(environment, platform)).toBe(expected);
});
