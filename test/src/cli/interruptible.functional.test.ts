import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const slowSaver = fileURLToPath(new URL('./slowSaver.mjs', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'signals-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A process that draws until it is told to stop. `said` waits for a word on its stderr. */
function startWork() {
  const file = join(folder, 'results.json');
  const child = spawn(process.execPath, [slowSaver, file]);
  let log = '';
  let heard = () => {};
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    heard();
  });
  const said = (word: string) =>
    new Promise<void>((resolve) => {
      heard = () => log.includes(word) && resolve();
      heard();
    });
  const ended = new Promise<{ code: number | null; signal: string | null; log: string }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, log })),
  );
  return { child, said, ended, saved: () => fs.existsSync(file) };
}

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s stops the work, which is saved', async (signal) => {
    const { child, said, ended, saved } = startWork();
    child.stdout.resume();
    await said('drawing');
    child.kill(signal);
    expect(await ended).toEqual({ code: 130, signal: null, log: 'drawing\nstopped\n' });
    expect(saved()).toBe(true);
  });

  it('and two more within a second lose nothing: each is told what is being saved', async () => {
    const { child, said, ended, saved } = startWork();
    child.stdout.resume();
    await said('drawing');
    child.kill('SIGINT');
    await said('stopped');
    child.kill('SIGINT');
    await said('please wait');
    child.kill('SIGTERM');
    const { code, log } = await ended;
    expect(code).toBe(130);
    expect(log).toBe(`drawing\nstopped\n${'limitlaw: saving run folder x, please wait\n'.repeat(2)}`);
    expect(saved()).toBe(true);
  });

  it('SIGPIPE, and a reader of the output that goes away, are quiet', async () => {
    const { child, said, ended, saved } = startWork();
    await said('drawing');
    child.kill('SIGPIPE');
    child.stdout.destroy();
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 130, signal: null, log: 'drawing\nstopped\n' });
    expect(saved()).toBe(true);
  });
});
