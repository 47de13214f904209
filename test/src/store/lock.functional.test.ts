import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { claim } from '../../../src/store/lock.js';
import type { Lock } from '../../../src/store/lock.js';
import { ownHolder, stateOf } from '../../../src/store/lockHolder.js';

const claimant = fileURLToPath(new URL('./claimant.mjs', import.meta.url));

let folder: string;
let path: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'journal.lock');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A claimant that has said its first word; `end` lets it go, and waits until it has. */
async function startClaimant(moment: number) {
  const child = spawn(process.execPath, [claimant, path, String(moment)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const word = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data).trim())),
  );
  return {
    word,
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}

const leaveBehind = () => spawnSync(process.execPath, [claimant, path, '0', 'killed']);

describe('claim', () => {
  it('refuses a second time, naming the holder, until it is given back', async () => {
    const first = await startClaimant(0);
    expect(first.word).toBe('won');
    expect(() => claim(path, 'the folder')).toThrow(UsageError);
    expect(() => claim(path, 'the folder')).toThrow(
      new RegExp(`^the folder is in use by process \\d+ on ${hostname()}, since 2`),
    );
    await first.end();
    expect(fs.readdirSync(folder)).toEqual([]);
    const second = claim(path, 'the folder');
    expect(() => claim(path, 'the folder')).toThrow(/in use by this process/);
    second.release();
    second.release();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('takes over what a killed process left, once', () => {
    leaveBehind();
    expect(fs.readdirSync(folder)).toContain('journal.lock');
    const lock = claim(path, 'the folder');
    expect(() => claim(path, 'the folder')).toThrow(UsageError);
    lock.release();
    expect(fs.existsSync(path)).toBe(false);
  });

  it('does not replace a lock that another took over while this one looked', () => {
    leaveBehind();
    let other: Lock | undefined;
    const slowLook: typeof stateOf = (holder, own) => {
      const state = stateOf(holder, own);
      other ??= claim(path, 'the folder');
      return state;
    };
    expect(() => claim(path, 'the folder', slowLook)).toThrow(/in use by this process/);
    other!.release();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('leaves the taking over to a process that is at it, and not to one that was killed at it', () => {
    leaveBehind();
    const { token } = JSON.parse(fs.readFileSync(path, 'utf8')) as { token: string };
    const right = claim(`${path}.${token}`, 'the folder');
    expect(() => claim(path, 'the folder')).toThrow(/in use by this process/);
    right.release();
    spawnSync(process.execPath, [claimant, `${path}.${token}`, '0', 'killed']);
    expect(fs.existsSync(`${path}.${token}`)).toBe(true);
    claim(path, 'the folder').release();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it.each(['free', 'left behind'])('lets one of twenty at once have a folder that is %s', async (state) => {
    if (state === 'left behind') leaveBehind();
    const moment = Date.now() + 2500;
    const claimants = await Promise.all(Array.from({ length: 20 }, () => startClaimant(moment)));
    const words = claimants.map(({ word }) => word);
    await Promise.all(claimants.map(({ end }) => end()));
    expect(words.filter((word) => word === 'won')).toHaveLength(1);
    for (const word of words.filter((other) => other !== 'won'))
      expect(word).toMatch(/^UsageError: the folder is in use by process \d+/);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('does not take over what it cannot see, and names the file to remove', () => {
    fs.writeFileSync(path, JSON.stringify({ ...ownHolder(), host: 'node17', pid: 1 }));
    expect(() => claim(path, 'the folder')).toThrow(
      `which cannot be seen from here: when it has ended, remove '${path}'`,
    );
    fs.writeFileSync(path, '');
    expect(() => claim(path, 'the folder')).toThrow(
      `cannot be read: remove '${path}' when no limitlaw is at work there`,
    );
  });
});

describe('stateOf', () => {
  const own = { ...ownHolder(), machine: 'm', boot: 'b' };

  it('tells a process from a later one of the same number', () => {
    expect(stateOf(own, own)).toBe('running');
    if (own.start === null) throw new Error('this test needs /proc: run it on Linux');
    expect(stateOf({ ...own, start: '1' }, own)).toBe('gone');
  });

  it('takes everything before a restart of the same machine for gone, and nothing of a machine that has no name', () => {
    expect(stateOf({ ...own, boot: 'earlier' }, own)).toBe('gone');
    const nameless = { ...own, machine: null };
    expect(stateOf({ ...nameless, boot: 'earlier' }, nameless)).toBe('elsewhere');
    expect(stateOf({ ...own, machine: 'another' }, own)).toBe('elsewhere');
    expect(stateOf({ ...own, space: 'a container' }, own)).toBe('elsewhere');
  });

  it('asks the system where /proc does not tell', () => {
    const unseen = { ...own, start: null };
    expect(stateOf(unseen, unseen)).toBe('running');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    expect(stateOf({ ...unseen, pid }, unseen)).toBe('gone');
  });
});
