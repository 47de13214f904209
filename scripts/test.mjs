// The whole test command: install when nothing is, build, type-check, lint, make sure a browser is there, run every
// test. `npm test`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (title, command, args, env = {}) => {
  console.log(`\n# ${title}`);
  const started = performance.now();
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  console.log(`# ${title}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (error || status !== 0) {
    console.error(`npm test: '${title}' failed`);
    process.exit(status || 1);
  }
};
if (!existsSync(new URL('../node_modules', import.meta.url))) run('install', 'npm', ['ci']);
run('build', process.execPath, ['scripts/build.mjs']);
run('type-check', 'npm', ['run', '--silent', 'typecheck']);
run('lint', 'npm', ['run', '--silent', 'lint']);
if (existsSync(new URL('./ensureBrowser.mjs', import.meta.url)))
  run('browser', process.execPath, ['scripts/ensureBrowser.mjs']);
run('Slurm', process.execPath, ['scripts/ensureSlurm.mjs']);
run('NumPy', process.execPath, ['scripts/ensureNumpy.mjs']);
run('pdflatex', process.execPath, ['scripts/ensureLatex.mjs']);
run('tests', 'npm', ['run', '--silent', 'jest', '--', ...process.argv.slice(2)]);
