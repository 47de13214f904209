import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRunFolder } from '../../../src/store/runFolder.js';
import { binary } from '../cli/commandLine.js';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'run-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('createRunFolder', () => {
  it('belongs to one process until it is closed', () => {
    const run = createRunFolder(folder);
    expect(() => createRunFolder(folder)).toThrow(/^'.*' is in use by this process/);
    run.close();
    createRunFolder(folder).close();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('takes a folder for empty in which a killed process had begun to write, and tidies it', () => {
    fs.writeFileSync(join(folder, 'results.json.partial'), '{');
    createRunFolder(folder).close();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('takes it for empty too when the process was killed as it began its journal', () => {
    fs.writeFileSync(join(folder, 'journal.bin'), '');
    createRunFolder(folder, { holding: 'journal' }).close();
    fs.writeFileSync(join(folder, 'mine.txt'), '');
    expect(() => createRunFolder(folder, { holding: 'journal' })).toThrow(/holds files already/);
  });

  it('opens a folder with a journal or with shards when it is told to, and no other', () => {
    const touch = (name: string) => {
      fs.mkdirSync(join(folder, name, '..'), { recursive: true });
      fs.writeFileSync(join(folder, name), '');
    };
    touch('journal.jsonl');
    touch('spectra/a.npy.partial');
    expect(() => createRunFolder(folder)).toThrow(/holds files already/);
    expect(() => createRunFolder(folder, { holding: 'shards' })).toThrow(/holds files already/);
    createRunFolder(folder, { holding: 'journal' }).close();
    expect(fs.readdirSync(join(folder, 'spectra'))).toEqual([]);
  });

  it('lets shards be at work side by side, each of them once', () => {
    const shard = (index: number) => createRunFolder(folder, { holding: 'shards', shard: { index, count: 3 } });
    const runs = [shard(1), shard(2)];
    expect(() => shard(2)).toThrow(/^shard 2\/3 of '.*' is in use/);
    for (const run of runs) run.close();
  });

  it('says in a sentence that a file cannot be written, and leaves no part of it', () => {
    const run = createRunFolder(folder);
    fs.mkdirSync(join(folder, 'results.json'));
    fs.writeFileSync(join(folder, 'results.json', 'x'), '');
    expect(() => run.write('results.json', '{}')).toThrow(/results\.json' cannot be written: .* is kept; /);
    run.close();
    expect(fs.readdirSync(folder)).toEqual(['results.json']);
  });
});

// Root may write anywhere; by hand a file system that was made read-only gave the same sentence with EROFS.
(process.getuid?.() === 0 ? it.skip : it)(
  'refuses to go on with a run that it may not write to, and says what is kept',
  () => {
    fs.writeFileSync(join(folder, 'journal.jsonl'), '');
    fs.chmodSync(folder, 0o555);
    try {
      expect(() => createRunFolder(folder, { holding: 'journal' })).toThrow(
        /cannot be written: writing is not permitted \(EACCES\)\. What it holds is kept; .* then give the command again/,
      );
    } finally {
      fs.chmodSync(folder, 0o755);
    }
  },
);

describe('a command that cannot write', () => {
  it('ends with 3 and one sentence, leaves no part of a file, and goes on once there is room', () => {
    // Two kilobytes a file, or four: shells count in different blocks.
    const words = 'sample --model linear --loss mse --dimension 300 --samples 600 --classes 3 --replicates 4 --out x';
    const program = `ulimit -f 4; exec '${process.execPath}' '${binary}' ${words}`;
    const { status, stderr } = spawnSync('sh', ['-c', program], { cwd: folder, encoding: 'utf8' });
    expect(status).toBe(3);
    expect(stderr.split('\n').filter((line) => line.startsWith('limitlaw: '))).toEqual([
      expect.stringMatching(
        /^limitlaw: '.*x\/.*' cannot be written: .*largest size.*\(EFBIG\)\. .* (is|are) kept; raise the/,
      ),
    ]);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(fs.readdirSync(join(folder, 'x'))).toEqual(['journal.bin', 'journal.jsonl']);
    const again = spawnSync(process.execPath, [binary, 'sample', '--resume', 'x'], { cwd: folder, encoding: 'utf8' });
    expect(again.status).toBe(0);
    expect(again.stdout).toMatch(/output-diagonal_eigenvalues\.npy +\(4, 300\)/);
  });
});

describe('defaultRunPath', () => {
  it('never names the same folder twice, twelve processes in the same second', async () => {
    const module = new URL('../../../dist/src/store/runFolder.js', import.meta.url);
    const program = `import { defaultRunPath } from ${JSON.stringify(fileURLToPath(module))};
      console.log(defaultRunPath('check', new Date(0)));`;
    const paths = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: folder });
        let output = '';
        child.stdout.on('data', (data) => (output += String(data)));
        await new Promise((resolve) => child.once('close', resolve));
        return output.trim();
      }),
    );
    expect(new Set(paths).size).toBe(12);
    expect(fs.readdirSync(join(folder, 'limitlaw-runs')).sort()).toEqual(
      paths.map((path) => path.split('/')[1]).sort(),
    );
  });
});
