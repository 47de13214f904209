// Makes sure that pdflatex is there for the test that compiles captions, where this process is root and may install it;
// elsewhere that test is skipped and says so. `npm test`.
import { spawnSync } from 'node:child_process';
import { installPackages } from './installPackages.mjs';

const hasLatex = () => spawnSync('pdflatex', ['--version'], { stdio: 'ignore' }).status === 0;

if (!hasLatex() && process.getuid?.() === 0) {
  console.log("no pdflatex found: installing texlive-latex-base from the system's packages");
  installPackages('texlive-latex-base');
}
console.log(hasLatex() ? 'pdflatex: found' : 'pdflatex: none, its test is skipped');
