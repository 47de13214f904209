import { spawnSync } from 'node:child_process';

const quiet = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/**
 * Installs packages of the system where apt-get is there and this user may; says what fails.
 * @returns whether it was tried
 */
export function installPackages(...names) {
  if (!quiet('apt-get', ['--version'])) return false;
  const root = process.getuid?.() === 0;
  if (!root && !quiet('sudo', ['-n', 'true'])) return false;
  for (const step of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', ...names],
  ]) {
    const [command, ...args] = [...(root ? [] : ['sudo', '-n']), 'apt-get', ...step];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { status } = spawnSync(command, args, { stdio: 'inherit', env });
    if (status !== 0) console.error(`'apt-get ${step.join(' ')}' failed with status ${status}`);
  }
  return true;
}
