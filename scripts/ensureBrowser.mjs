// Makes sure that a Chrome or Chromium is there for the tests in a browser; installs the system's Chromium where it
// may. `npm test`. Without one the tests cannot run: that is a failure with a reason, never a silent skip.
import { fileURLToPath } from 'node:url';
import { installPackages } from './installPackages.mjs';

const { findBrowser, installLine } = await import(
  fileURLToPath(new URL('../dist/figures/render/browser.js', import.meta.url))
);
const find = () => findBrowser({ environment: process.env, platform: process.platform });

let found;
try {
  found = find();
} catch (failure) {
  console.error(failure.message);
  process.exit(1);
}
if (found === undefined && installPackages('chromium')) found = find();
if (found === undefined) {
  console.error(
    `The tests of pages and figures need Chrome or Chromium: none was found and none could be installed from here. Install one (${installLine(process.platform)}), or set LIMITLAW_BROWSER to the path of one, and run npm test again.`,
  );
  process.exit(1);
}
console.log(`browser: ${found}`);
