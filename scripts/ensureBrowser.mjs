// Makes sure that a Chrome or Chromium is there for the tests in a browser; installs the system's Chromium where it
// may. `npm test`. Without one the tests cannot run: that is a failure with a reason, never a silent skip.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const { findBrowser, installLine } = await import(
  fileURLToPath(new URL('../dist/figures/render/browser.js', import.meta.url))
);
const find = () => findBrowser({ environment: process.env, platform: process.platform });
const quiet = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

let found;
try {
  found = find();
} catch (failure) {
  console.error(failure.message);
  process.exit(1);
}
if (found === undefined && quiet('apt-get', ['--version'])) {
  const root = process.getuid?.() === 0;
  const prefix = root ? [] : ['sudo', '-n'];
  if (root || quiet('sudo', ['-n', 'true'])) {
    console.log("no browser found: installing chromium from the system's packages");
    for (const step of [
      ['update', '-q'],
      ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
    ]) {
      const [command, ...args] = [...prefix, 'apt-get', ...step];
      const { status } = spawnSync(command, args, {
        stdio: 'inherit',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
      if (status !== 0) console.error(`'apt-get ${step.join(' ')}' failed with status ${status}`);
    }
    found = find();
  }
}
if (found === undefined) {
  console.error(
    `The tests of pages and figures need Chrome or Chromium: none was found and none could be installed from here. Install one (${installLine(process.platform)}), or set LIMITLAW_BROWSER to the path of one, and run npm test again.`,
  );
  process.exit(1);
}
console.log(`browser: ${found}`);
