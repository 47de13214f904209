/** The step of `npm test` that finds or installs a browser. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('../../scripts/ensureBrowser.mjs', import.meta.url));
const run = (environment: Record<string, string>) =>
  spawnSync(process.execPath, [script], { encoding: 'utf8', env: environment });

describe('ensureBrowser', () => {
  test('names the browser that is there', () => {
    const { status, stdout } = run({ PATH: process.env['PATH'] ?? '' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^browser: \/?.+/m);
  });

  test('a browser named in the environment that is not there is a failure, never a skip', () => {
    const { status, stderr, stdout } = run({ PATH: process.env['PATH'] ?? '', LIMITLAW_BROWSER: '/no/such/browser' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/LIMITLAW_BROWSER: no file at '\/no\/such\/browser'/);
    expect(stdout).toBe('');
  });
});
