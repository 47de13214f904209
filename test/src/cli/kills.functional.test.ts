/** Runs that something ends: a kill at any moment, a folder that vanishes. The numbers are those of undisturbed runs. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { binary } from './commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-kills-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('12 kills over check, sweep, sample and train: every finished draw is kept, and all go on to the same bytes (seed 1)', () => {
  const script = fileURLToPath(new URL('../../../scripts/kills.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '12'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout.match(/\| 0 \| 3 of 3 \|/g)).toHaveLength(4);
  expect(status).toBe(0);
}, 240_000);

test('a training killed in its middle goes on from what was kept of it, to the same bytes', async () => {
  const words = 'train --dimension 20 --samples 200 --classes 10 --steps 20000 --marks 9 --backend wasm --workers 1';
  const run = (...more: string[]) =>
    spawnSync(process.execPath, [binary, ...more], { cwd: folder, encoding: 'utf8' }).stderr;
  run(...words.split(' '), '--out', 'undisturbed');
  const child = spawn(process.execPath, [binary, ...words.split(' '), '--out', 'killed'], { cwd: folder });
  // A look is told when the one before it is kept; seconds are left to the end.
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => /step (10000|[5-9]\d\d\d) /.test(text) && child.kill('SIGKILL'));
  await new Promise((resolve) => child.on('close', resolve));
  expect(child.signalCode).toBe('SIGKILL');
  const state = join(folder, 'killed', 'journal.0.state');
  expect(existsSync(state)).toBe(true);
  const shown = spawnSync(process.execPath, [binary, 'show', 'killed'], { cwd: folder, encoding: 'utf8' }).stdout;
  expect(shown).toMatch(/training data\n.*\n +0 .*\n *2500 /);
  expect(shown).toMatch(/Partial: 0 of 1 tasks are drawn; .*\nWhat unfinished tasks have kept so far is shown too/);
  const log = run('train', '--resume', 'killed', '--workers', '1');
  expect(log).toMatch(/goes on from step (2500|5000|7500|10000) of 20000/);
  expect(existsSync(state)).toBe(false);
  const results = (name: string) => readFileSync(join(folder, name, 'results.json'));
  expect(results('killed').equals(results('undisturbed'))).toBe(true);
}, 60_000);

test('a run folder that vanishes: one sentence, exit 3; put back, the run goes on', async () => {
  const spec = join(folder, 'spec.yaml');
  writeFileSync(
    spec,
    'model: linear\nloss: ce\nd: [16, 32]\nN: "2*d"\nC: 4\nreplicates: 400\nnullReplicates: 4000\nblocks: [output-diagonal]\n',
  );
  const words = ['sweep', spec, '--backend', 'wasm', '--workers', '1', '--out', 'run'];
  const child = spawn(process.execPath, [binary, ...words], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (log === '') setTimeout(() => renameSync(join(folder, 'run'), join(folder, 'moved')), 200);
    log += text;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(log).toMatch(
    /limitlaw: '\S*run\S*' cannot be written: it has been moved or removed \(ENOENT\)\. .*\d+ of 800 tasks are kept; .*then go on with --resume '/,
  );
  expect(status).toBe(3);
  const shown = spawnSync(process.execPath, [binary, 'show', 'moved'], { cwd: folder, encoding: 'utf8' });
  expect(shown.stdout).toMatch(/Partial: \d+ of 800 tasks are drawn/);
  renameSync(join(folder, 'moved'), join(folder, 'run'));
  const resumed = spawnSync(process.execPath, [binary, 'sweep', '--resume', 'run', '--workers', '1'], {
    cwd: folder,
    encoding: 'utf8',
  });
  // It agrees or it rejects: either is the end of a whole run.
  expect([0, 1]).toContain(resumed.status);
  expect(resumed.stdout).not.toMatch(/Partial/);
}, 120_000);
