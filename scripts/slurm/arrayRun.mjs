// A sweep drawn by a job array of a real Slurm, as `--print-job slurm` has it, while tasks are killed and a node is
// drained; and the same sweep drawn at once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readJournal } from '../../dist/src/store/readJournal.js';
import { fileStem } from '../../dist/src/store/runFiles.js';
import { quietly, startCluster, until } from './cluster.mjs';

const binary = fileURLToPath(new URL('../../dist/src/cli/limitlaw.js', import.meta.url));

/**
 * @param folder an empty one; its path has a space where the run lies
 * @param specification of the sweep
 * @param shards of the array
 * @param disturb what happens meanwhile: `killed` and `warned` are shards, which a signal ends once they have drawn
 *   something (SIGKILL to the process, and the one that precedes the end of its time to the job), `drained` a node that
 *   takes no task for a while
 * @returns the printed script, and what happened
 */
export async function runArray(folder, specification, shards, disturb = {}) {
  const spec = join(folder, 'spec.yaml');
  writeFileSync(spec, specification);
  const limitlaw = (...words) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status > 1) throw new Error(`limitlaw ${words.join(' ')}: ${stderr}`);
    return { status, stdout };
  };
  const sweep = ['sweep', spec, '--backend', 'wasm'];
  const [out, whole] = [join(folder, 'drawn in shards'), join(folder, 'whole')];
  const script = limitlaw(...sweep, '--print-job', 'slurm', '--shards', String(shards), '--out', out).stdout;
  writeFileSync(join(folder, 'job.sh'), script);
  const single = limitlaw(...sweep, '--workers', '1', '--out', whole);
  const home = join(folder, 'slurm');
  mkdirSync(home);
  const cluster = await startCluster(home);
  try {
    const begun = performance.now();
    const events = await submit({ ...cluster, home, out, script, shards }, disturb);
    const seconds = (performance.now() - begun) / 1000;
    const [merged, alone] = [out, whole].map((run) => join(run, 'results.json'));
    return {
      script,
      ...events,
      seconds,
      equal: existsSync(merged) && readFileSync(merged).equals(readFileSync(alone)),
      sameExitCode: events.mergeExitCode === single.status,
    };
  } finally {
    await cluster.stop();
  }
}

async function submit(array, { killed = [], warned = [], drained }) {
  const { slurm, home, script } = array;
  const job = slurm('sbatch', '--parsable', join(home, '..', 'job.sh'));
  const merge = slurm('bash', '-c', mergeLine(script, job)).split(' ').at(-1);
  const events = await Promise.all([
    ...(drained === undefined ? [] : [drain(array, job, drained)]),
    ...killed.map((shard) => kill(array, job, shard)),
    ...warned.map((shard) => warn(array, job, shard)),
  ]);
  await until(() => /JobState=(COMPLETED|FAILED)/.test(slurm('scontrol', 'show', 'job', merge)), 'the merge', 1800);
  const states = tasksOf(slurm('scontrol', 'show', 'job', job, '--oneliner'));
  return {
    events,
    tasks: states.length,
    completed: states.filter(({ state }) => state === 'COMPLETED').length,
    restarts: states.reduce((sum, { restarts }) => sum + restarts, 0),
    nodes: Object.fromEntries(array.nodes.map((node) => [node, states.filter((task) => task.node === node).length])),
    mergeExitCode: Number(/ExitCode=(\d+):/.exec(slurm('scontrol', 'show', 'job', merge))[1]),
  };
}

/** The second command line that the script tells a person to give. */
function mergeLine(script, job) {
  const line = /^# +(sbatch --dependency=afterany.*)$/m.exec(script)[1];
  return line.replace('$draws', job);
}

const tasksOf = (text) =>
  text
    .split('\n')
    .filter((line) => /ArrayTaskId=\d+ /.test(line))
    .map((line) => ({
      state: /JobState=(\S+)/.exec(line)[1],
      restarts: Number(/Restarts=(\d+)/.exec(line)[1]),
      node: / NodeList=(\S+)/.exec(line)?.[1],
    }));

/** Draws of a shard that are kept, and the process at it. */
function progressOf({ out, shards }, index) {
  const stem = join(out, fileStem({ index, count: shards }));
  const pid = quietly(() => JSON.parse(readFileSync(`${stem}.lock`, 'utf8')).pid);
  return { kept: quietly(() => readJournal(`${stem}.jsonl`).kept.size) ?? 0, pid };
}

async function begun(array, shard) {
  let progress;
  await until(
    () => {
      progress = progressOf(array, shard);
      if (progress.kept > 0 && progress.pid === undefined) throw new Error(`shard ${shard} has ended too soon`);
      return progress.kept > 0;
    },
    `the first draw of shard ${shard}`,
    900,
  );
  return progress;
}

const stateOf = ({ slurm }, task) => /JobState=(\S+)/.exec(slurm('scontrol', 'show', 'job', task))?.[1];

async function kill(array, job, shard) {
  const { pid } = await begun(array, shard);
  process.kill(pid, 'SIGKILL');
  const task = `${job}_${shard}`;
  await until(() => stateOf(array, task) === 'FAILED', `the end of shard ${shard}`);
  const { kept } = progressOf(array, shard);
  array.slurm('scontrol', 'requeue', task);
  await startNow(array, task);
  return { what: `shard ${shard}: SIGKILL, then requeued`, kept };
}

async function warn(array, job, shard) {
  const { pid } = await begun(array, shard);
  // So that it cannot end before the signal comes.
  process.kill(pid, 'SIGSTOP');
  const task = `${job}_${shard}`;
  // Slurm 22.05 may answer that it cannot, and does it all the same.
  quietly(() => array.slurm('scancel', '--batch', '--signal=USR1', task));
  await wait(500);
  process.kill(pid, 'SIGCONT');
  await until(() => stateOf(array, task) === 'PENDING', `shard ${shard} in the queue again`);
  const { kept } = progressOf(array, shard);
  await startNow(array, task);
  return { what: `shard ${shard}: its time was up, it queued itself again`, kept };
}

/**
 * Slurm lets a task that is queued again wait for two minutes. Within the second of its end it would take the new start for
 * the old one, whose credential is revoked, and fail it.
 */
async function startNow({ slurm }, task) {
  await wait(2500);
  slurm('scontrol', 'update', `JobId=${task}`, 'StartTime=now');
}

async function drain({ slurm }, job, node) {
  await until(() => slurm('squeue', '--noheader', '--job', job, '--nodelist', node) !== '', `a task on ${node}`);
  slurm('scontrol', 'update', `NodeName=${node}`, 'State=DRAIN', 'Reason=test');
  await until(() => slurm('squeue', '--noheader', '--job', job, '--nodelist', node) === '', `${node} without a task`);
  const left = () => slurm('squeue', '--noheader', '--array', '--job', job).split('\n').length;
  const before = left();
  // It takes no task for as long as the other node takes some.
  await until(() => left() < before || before === 1, 'tasks on the other node');
  slurm('scontrol', 'update', `NodeName=${node}`, 'State=RESUME');
  return { what: `node ${node} drained, then resumed` };
}
