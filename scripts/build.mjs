// Builds everything that a user runs: kernels, JavaScript, browser bundles. `npm run build`; with --unchecked types are
// written but not checked, which halves the compiler's part of a first build: for those who run and change nothing.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals: only } = parseArgs({
  options: { unchecked: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const root = fileURLToPath(new URL('..', import.meta.url));
const steps = [
  ['kernels', ['scripts/build/kernels.mjs']],
  [
    'javascript',
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', ...(values.unchecked ? ['--noCheck'] : [])],
  ],
  ['command line', ['scripts/build/commandLine.mjs']],
  ['browser', ['scripts/build/browser.mjs']],
];
for (const [name, command] of steps) {
  if (only.length > 0 && !only.includes(name)) continue;
  if (!existsSync(new URL(`../${command[0]}`, import.meta.url))) continue;
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`build: the step '${name}' failed`);
    process.exit(1);
  }
}
