import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Results {
  machine: { processor: string; node: string };
  numpy?: string;
  kernels: Record<string, { rate: number }>;
  scale: { large: { wallSeconds: number }[]; throughput: { ratio: number } };
  oneDraw: {
    answers?: { eigenvalueError: number }[];
    single: { seconds: Record<string, number> }[];
    curves: { exponents: Record<string, number>; points: { at: number; seconds: Record<string, number> }[] }[];
  };
  endToEnd: {
    answers?: Record<string, { eigenvalueError: number; distanceGap: number }>;
    programs: Record<string, { wallSeconds: number }>;
  }[];
}

test('the benchmark runs on a small workload, compares answers before it times, and writes its results', () => {
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-bench-'));
  try {
    const out = join(folder, 'results.json');
    const { status, stderr } = spawnSync(
      process.execPath,
      ['scripts/bench.mjs', '--tiny', '--backend', 'wasm', '--out', out],
      { cwd: root, encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const results = JSON.parse(readFileSync(out, 'utf8')) as Results;
    expect(results.machine.node).toBe(process.versions.node);
    for (const { rate } of Object.values(results.kernels)) expect(rate).toBeGreaterThan(0);
    expect(results.endToEnd).toHaveLength(2);
    for (const { wallSeconds } of results.scale.large) expect(wallSeconds).toBeGreaterThan(0);
    expect(results.scale.throughput.ratio).toBeGreaterThan(0);
    const { answers: ofDraws, single, curves } = results.oneDraw;
    for (const { eigenvalueError } of ofDraws ?? []) expect(eigenvalueError).toBeLessThan(1e-12);
    const timed = [...single, ...curves.flatMap(({ points }) => points)];
    expect(timed).toHaveLength(3);
    for (const { seconds } of timed) expect(seconds['wasm']).toBeGreaterThan(0);
    expect(Number.isFinite(curves[0]!.exponents['wasm'])).toBe(true);
    for (const { answers, programs } of results.endToEnd) {
      expect(programs['wasm']!.wallSeconds).toBeGreaterThan(0);
      // Where NumPy is installed the program's eigenvalues were held against it.
      expect(answers === undefined).toBe(results.numpy === undefined);
      if (answers) expect(answers['wasm']!.eigenvalueError).toBeLessThan(1e-12);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the benchmark of a head compares its answers with those of NumPy', () => {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/benchHead.mjs', '--tiny'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stdout).toMatch(/^C = 900, D = 24, N = 40, /);
  expect(stdout).toMatch(/wasm: .* answers within/);
  expect(status).toBe(0);
});
