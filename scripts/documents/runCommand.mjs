import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const parseWords = join(root, 'scripts', 'documents', 'parseWords.mjs');
/** Milliseconds after which a command counts as hanging. */
const PATIENCE = 1_800_000;
const kept = join(root, 'node_modules', '.cache', 'limitlaw', 'documents');

/** Programs of schedulers and clouds, which a machine need not have: they take any words where nothing is run. */
const elsewhere = ['sbatch', 'aws', 'pip'];

/** A shell in which `limitlaw` is the built command line (or parses only), and `npm`, `npx` and `node` parse only. */
export function shellIn(folder, parseOnly = false) {
  const shims = mkdtempSync(join(tmpdir(), 'limitlaw-words-'));
  const shim = (name, ...words) =>
    writeFileSync(join(shims, name), `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`, {
      mode: 0o755,
    });
  const parsed = (name) => shim(name, process.execPath, parseWords, name);
  if (parseOnly) {
    parsed('limitlaw');
    for (const name of elsewhere) shim(name, 'true');
  } else shim('limitlaw', process.execPath, join(root, 'dist', 'src', 'cli', 'limitlaw.js'));
  parsed('npm');
  parsed('npx');
  parsed('node');
  const env = { ...process.env, PATH: `${shims}:${process.env.PATH}`, OPENBLAS_NUM_THREADS: '1' };
  // Outputs are as wide as those of a pipe.
  delete env.COLUMNS;
  return {
    run(command) {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
        cwd: folder,
        env,
        encoding: 'utf8',
        timeout: PATIENCE,
      });
      return { status, stdout, stderr };
    },
    close: () => rmSync(shims, { recursive: true }),
  };
}

/**
 * A command by itself in an empty folder. Its outcome is kept beside the build that made it: the same build, Node and
 * command give the same output, and the longest command of the documents is run once for a build.
 */
export function runAlone(command) {
  const ofBuild = join(kept, buildHash());
  const file = join(ofBuild, `${digest(`${process.version}\n${command}`)}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-alone-'));
  const shell = shellIn(folder);
  const outcome = shell.run(command);
  shell.close();
  rmSync(folder, { recursive: true });
  if (!existsSync(ofBuild)) rmSync(kept, { recursive: true, force: true });
  mkdirSync(ofBuild, { recursive: true });
  if (outcome.status !== null) writeFileSync(file, JSON.stringify(outcome));
  return outcome;
}

const digest = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);

function buildHash() {
  const hash = createHash('sha256');
  const dist = join(root, 'dist');
  for (const name of readdirSync(dist, { recursive: true }).sort())
    if (/\.(js|mjs|wasm)$/.test(name)) hash.update(name).update(readFileSync(join(dist, name)));
  return hash.digest('hex').slice(0, 16);
}
