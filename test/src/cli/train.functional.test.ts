import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { commandLineIn } from './commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-train-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { limitlaw, expectUsageError } = commandLineIn(folder);
const small = 'train --dimension 10 --samples 40 --classes 4 --width 3 --steps 12 --marks 2 --backend wasm'.split(' ');

describe('limitlaw train', () => {
  test('shards of replicates join to the bytes of a whole run; a part says that it is one', () => {
    const words = [...small, '--replicates', '3'];
    const whole = limitlaw(...words, '--out', 'whole', '--workers', '2');
    expect(whole.status).toBe(0);
    expect(limitlaw(...words, '--out', 'shared', '--shard', '2/2', '--workers', '1').status).toBe(0);
    expect(limitlaw('show', 'shared').stdout).toMatch(/Partial: 1 of 3 tasks are drawn/);
    expectUsageError(['merge', 'shared'], /2 of 3 tasks of 'shared' are not drawn: draw shards 1 of 2 again/);
    expect(limitlaw('train', '--resume', 'shared', '--shard', '1/2', '--workers', '1').status).toBe(0);
    const merged = limitlaw('merge', 'shared');
    expect(merged.stdout).toBe(whole.stdout);
    const [one, other] = ['whole', 'shared'].map((name) => readFileSync(join(folder, name, 'results.json'), 'utf8'));
    expect(other).toBe(one);
    const shown = limitlaw('show', 'whole', '--json');
    const { progress, ...results } = JSON.parse(shown.stdout) as { progress: object };
    expect(results).toEqual(JSON.parse(one!));
    expect(progress).toEqual({ drawn: 3, tasks: 3 });
    expect(Math.max(...whole.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('a training that diverges: exit 3, one sentence with step and remedy, its marks are saved', () => {
    const words = ['--optimiser', 'gd', '--schedule', 'constant', '--learning-rate', '1e7', '--workers', '1'];
    const { status, stderr, stdout } = limitlaw(...small, ...words, '--out', 'diverged');
    expect(status).toBe(3);
    expect(stderr).toMatch(/limitlaw: 1 of 1 stopped before the end, .*training diverges: .* take a --learning-rate/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(limitlaw('show', 'diverged').stdout).toBe(stdout);
    expect(stdout).toMatch(/Replicate 0 stopped: training diverges/);
  });

  test('a specification is complained of at its line', () => {
    writeFileSync(join(folder, 'bad.yaml'), 'd: 10\nsteps: 5\nmarks: "0,9"\n');
    expectUsageError(['train', 'bad.yaml'], /bad\.yaml, line 3, marks: a mark must be a step from 0 to 5, got 9/);
    expectUsageError(['train', 'bad.yaml', '--steps', '9'], /--steps and a specification both say what is trained/);
    expect(JSON.parse(limitlaw('train', '--print-schema').stdout)).toHaveProperty('properties.learningRate');
  });

  test('the loop of the recipe is the script that made the checkpoints beside it', () => {
    const text = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
    expect(text('docs/recipes.md')).toContain(
      `\n\`\`\`python\n${text('test/fixtures/checkpoints/trainAndSave.py').trimEnd()}\n\`\`\`\n`,
    );
  });

  test('input of another content is not gone on with', () => {
    writeFileSync(join(folder, 'x.csv'), '1,2,0\n2,1,1\n0,1,4\n3,3,0\n1,1,1\n2,5,1\n');
    const words = `${small.join(' ')} --dimension 3 --samples 4 --workers 1 --out data --inputs`.split(' ');
    const inputs = '{distribution: data, file: x.csv}';
    expect(limitlaw(...words, inputs, '--shard', '1/1').status).toBe(0);
    writeFileSync(join(folder, 'x.csv'), '1,2,0\n2,1,1\n0,1,4\n3,3,0\n1,1,1\n2,5,2\n');
    expectUsageError([...words, inputs, '--shard', '1/1'], /it has other inputs/);
  });
});
