// A Slurm of its own on this machine, without systemd, for as long as a script or a test needs one: munged, slurmctld
// and two slurmd, virtual nodes of one processor each. Needs root, and the packages slurm-wlm and munge.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'scontrol', 'squeue', 'scancel', 'sinfo'];
const nodes = ['n1', 'n2'];
const packages = 'apt-get install --no-install-recommends slurm-wlm munge';

/** Why no Slurm can be started here; undefined where one can. */
export function whyNoSlurm() {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length > 0) return `${missing.join(', ')} not found: ${packages} installs them`;
  return process.getuid?.() === 0 ? undefined : 'slurmd starts the jobs of users, which takes root';
}

function isInstalled(program) {
  return [...process.env.PATH.split(delimiter), '/usr/sbin', '/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * @param folder an empty one, for its files and logs; no other user may write above it
 * @returns `slurm(program, ...words)`, which gives the program's output and throws when it fails, `cwd` of its jobs
 *   being `folder`, and `stop()`
 */
export async function startCluster(folder) {
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'state'));
  const socket = join(folder, 'munge.socket');
  const key = join(folder, 'munge.key');
  writeFileSync(key, randomBytes(128), { mode: 0o400 });
  const configuration = join(folder, 'slurm.conf');
  writeFileSync(configuration, configurationOf(folder, socket, await freePorts(1 + nodes.length)));
  const environment = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, SLURM_CONF: configuration };
  const daemons = [];
  const start = (program, ...words) => {
    const log = openSync(join(folder, `${program}-${daemons.length}.out`), 'w');
    daemons.push(spawn(program, words, { env: environment, cwd: folder, stdio: ['ignore', log, log] }));
  };
  const slurm = (program, ...words) => {
    const { status, stdout, stderr } = spawnSync(program, words, { env: environment, cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  const stop = async () => {
    if (daemons.length > 1) spawnSync('scancel', ['--user=root', '--full'], { env: environment });
    for (const daemon of daemons.reverse()) {
      if (daemon.exitCode !== null) continue;
      const ended = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill('SIGTERM');
      await Promise.race([ended, wait(5000)]);
      daemon.kill('SIGKILL');
    }
  };
  try {
    const own = (name) => join(folder, name);
    start(
      'munged',
      '--foreground',
      '--force',
      `--socket=${socket}`,
      `--key-file=${key}`,
      ...['log', 'pid', 'seed'].map((kind) => `--${kind}-file=${own(`munge.${kind}`)}`),
    );
    await until(() => spawnSync('munge', ['-n', '-S', socket]).status === 0, 'munged');
    start('slurmctld', '-D');
    for (const node of nodes) start('slurmd', '-D', '-N', node);
    const idle = () => slurm('sinfo', '--noheader', '--Node', '--states=idle').split('\n').filter(Boolean).length;
    await until(() => quietly(idle) === nodes.length, 'slurmctld and slurmd');
  } catch (error) {
    await stop();
    throw error;
  }
  return { slurm, stop, nodes };
}

/** Undefined where it cannot be said yet. */
export function quietly(ask) {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** Asks again and again, for a minute by default. */
export async function until(condition, what, seconds = 60) {
  for (const end = performance.now() + 1000 * seconds; performance.now() < end; await wait(100))
    if (await condition()) return;
  throw new Error(`${what}: not within ${seconds} s`);
}

async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve) => {
          const server = createServer();
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Finished jobs are remembered for an hour. */
const configurationOf = (folder, socket, [controller, ...ports]) => `ClusterName=limitlaw
SlurmctldHost=${hostname().split('.')[0]}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${socket}
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerParameters=batch_sched_delay=0,sched_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
ReturnToService=2
MinJobAge=3600
KillWait=5
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
${ports.map((port, k) => `NodeName=${nodes[k]} NodeHostname=${hostname().split('.')[0]} NodeAddr=127.0.0.1 Port=${port} CPUs=1 RealMemory=2000 State=UNKNOWN\n`).join('')}PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
