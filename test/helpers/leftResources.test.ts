import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { activeResources, leftSince } from './leftResources.mjs';

/** What runs until `close` is called, as a forgetful test would leave it. */
const running: Readonly<Record<string, () => Promise<{ kind: RegExp; close: () => unknown }>>> = {
  'a child process': async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    return { kind: /\d ProcessWrap/, close: () => child.kill() };
  },
  'a worker thread': async () => {
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
    await once(worker, 'online');
    return { kind: /\d Worker/, close: () => worker.terminate() };
  },
  'a server': async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { kind: /\d TCPServerWrap/, close: () => server.close() };
  },
  'a timer': () => {
    const timer = setInterval(() => undefined, 1000);
    return Promise.resolve({ kind: /\d Timeout/, close: () => clearInterval(timer) });
  },
};

describe('leftSince', () => {
  it.each(Object.keys(running))('finds %s, and nothing once it is closed', async (name) => {
    const before = activeResources();
    const { kind, close } = await running[name]!();
    try {
      expect((await leftSince(before, 100)).join(', ')).toMatch(kind);
    } finally {
      close();
    }
    expect(await leftSince(before, 5000)).toEqual([]);
  });

  it('takes no account of what does not keep a process from ending', async () => {
    const before = activeResources();
    const timer = setInterval(() => undefined, 1000).unref();
    expect(await leftSince(before, 1000)).toEqual([]);
    clearInterval(timer);
  });
});
