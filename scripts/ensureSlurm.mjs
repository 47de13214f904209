// Makes sure that Slurm is there for the test that submits a job to one, where this process is root and may install it;
// elsewhere that test is skipped and says so. `npm test`.
import { installPackages } from './installPackages.mjs';
import { whyNoSlurm } from './slurm/cluster.mjs';

if (whyNoSlurm() !== undefined && process.getuid?.() === 0) {
  console.log("no Slurm found: installing slurm-wlm and munge from the system's packages");
  installPackages('slurm-wlm', 'munge');
}
const reason = whyNoSlurm();
console.log(reason === undefined ? 'Slurm: found' : `Slurm: none, its test is skipped (${reason})`);
