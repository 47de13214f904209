// Kills runs of check, sweep, sample and train at random moments, lets them go on, and compares with runs that nobody killed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { readJournal } from '../../dist/src/store/readJournal.js';
import { randomStream } from '../../dist/simulations/random/index.js';

const limitlaw = fileURLToPath(new URL('../../dist/src/cli/limitlaw.js', import.meta.url));
const specification = `model: linear
loss: ce
d: [16, 32]
N: "2*d"
C: 4
replicates: 20
nullReplicates: 100
blocks: [output-diagonal]
`;

/** Command lines without their --out. */
const commandsIn = (folder) => {
  const spec = join(folder, 'spec.yaml');
  writeFileSync(spec, specification);
  const sample =
    'sample --model hidden --dimension 80 --samples 200 --classes 5 --width 4 --replicates 20 --save-weights --save-blocks --backend wasm';
  const train =
    'train --dimension 30 --samples 300 --classes 10 --width 4 --steps 400 --marks 5 --replicates 4 --save-weights --backend wasm --workers 1';
  return {
    check: [fileURLToPath(new URL('smallCheck.mjs', import.meta.url))],
    sweep: [limitlaw, 'sweep', spec, '--backend', 'wasm', '--workers', '1'],
    sample: [limitlaw, ...sample.split(' ')],
    train: [limitlaw, ...train.split(' ')],
  };
};

/**
 * @param folder an empty one, for the runs
 * @param count of kills
 * @returns for each kill: the command, how many draws were told and kept by then, of how many, and whether the run that
 *   went on gave the same bytes
 */
export async function killRuns(folder, count, seed) {
  const commands = commandsIn(folder);
  const random = randomStream(seed, 'kills', 0);
  const whole = {};
  for (const [kind, words] of Object.entries(commands)) {
    const out = join(folder, `${kind}-whole`);
    whole[kind] = { out, ...(await runTo(words, out)) };
  }
  const kills = [];
  for (let k = 0; kills.length < count; k++) {
    const kind = Object.keys(commands)[kills.length % Object.keys(commands).length];
    const out = join(folder, `${kind}-${k}`);
    // One in six is killed before its first draw, the others at any moment after it.
    const { first, seconds } = whole[kind];
    const after = random.integer(6) > 0;
    const moment = random.uniform() * (after ? seconds - first : first);
    const killed = await runTo(commands[kind], out, { after, moment });
    // It was quicker this time.
    if (killed.code !== null || isFinished(out)) continue;
    const path = join(out, 'journal.jsonl');
    const kept = existsSync(path) ? readJournal(path).kept.size : 0;
    const words = k % 2 === 1 && kind !== 'check' && existsSync(path) ? [limitlaw, kind, '--resume'] : commands[kind];
    const resumed = await runTo(words, out);
    const equal = resumed.code === whole[kind].code && sameFiles(whole[kind].out, out);
    if (!equal)
      process.stderr.write(
        `${kind} killed ${moment} s after its ${after ? 'first draw' : 'start'}: exit ${resumed.code}\n`,
      );
    kills.push({ kind, told: killed.told, kept, total: whole[kind].told, equal });
  }
  return kills;
}

/**
 * Runs to its end, or is killed so many seconds after its start or its first draw; `told` draws were said to be finished
 * by then.
 */
function runTo(words, out, kill) {
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1000;
  const last = words.at(-1) === '--resume' ? [] : ['--out'];
  const child = spawn(process.execPath, [...words, ...last, out], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = 0;
  let first;
  let timer;
  const startTimer = () => {
    if (kill !== undefined) timer = setTimeout(() => child.kill('SIGKILL'), 1000 * kill.moment);
  };
  if (kill?.after === false) startTimer();
  child.stderr.setEncoding('utf8').on('data', (text) => {
    for (const [, done] of text.matchAll(/(\d+)\/\d+ draws/g)) told = Math.max(told, Number(done));
    if (told === 0 || first !== undefined) return;
    first = seconds();
    if (kill?.after === true) startTimer();
  });
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, told, first, seconds: seconds() });
    }),
  );
}

/** All is written, and only the process was not at its end. */
function isFinished(out) {
  const path = join(out, 'manifest.json');
  if (!existsSync(path)) return false;
  const { tasks, drawn } = JSON.parse(readFileSync(path, 'utf8'));
  return tasks === drawn;
}

/** Results, and all arrays; the manifest of a check or a sweep holds times. */
function sameFiles(one, other) {
  const names = (folder) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => name === 'results.json' || name.endsWith('.npy'))
      .sort();
  return (
    JSON.stringify(names(one)) === JSON.stringify(names(other)) &&
    names(one).every((name) => readFileSync(join(one, name)).equals(readFileSync(join(other, name))))
  );
}

/** One row a command. */
export function killTable(kills) {
  const rows = ['check', 'sweep', 'sample', 'train'].map((kind) => {
    const own = kills.filter((kill) => kill.kind === kind);
    const shares = own.map(({ kept, total }) => kept / total);
    const percent = (share) => `${Math.round(100 * share)} %`;
    return `| ${kind} | ${own.length} | ${percent(Math.min(...shares))} – ${percent(Math.max(...shares))} | ${own.filter(({ told, kept }) => kept < told).length} | ${own.filter(({ equal }) => equal).length} of ${own.length} |`;
  });
  return [
    '| command | killed | kept then | runs that lost a finished draw | same bytes after going on |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
