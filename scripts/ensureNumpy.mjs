// Makes sure that python3 has NumPy for the tests of the Python package and of the files that NumPy reads, where this
// process may install it; elsewhere those are skipped and say so. `npm test`.
import { spawnSync } from 'node:child_process';
import { installPackages } from './installPackages.mjs';

const hasNumpy = () => spawnSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' }).status === 0;

if (!hasNumpy() && process.getuid?.() === 0) {
  console.log("no NumPy found: installing python3 and python3-numpy from the system's packages");
  installPackages('python3', 'python3-numpy');
}
console.log(hasNumpy() ? 'NumPy: found' : 'NumPy: none for python3, tests that need it are skipped');
