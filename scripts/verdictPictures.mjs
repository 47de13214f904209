// Draws the pictures of docs/verdicts.md into docs/pictures, by the page's own commands: those with `--figure NAME.svg`.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandsOf, parseDocument } from './documents/parseDocument.mjs';
import { root, shellIn } from './documents/runCommand.mjs';

const pictures = join(root, 'docs', 'pictures');
const folder = mkdtempSync(join(tmpdir(), 'limitlaw-pictures-'));
const shell = shellIn(folder);
const { blocks } = parseDocument(readFileSync(join(root, 'docs', 'verdicts.md'), 'utf8'));
mkdirSync(pictures, { recursive: true });
try {
  for (const block of blocks.filter(({ language }) => language === 'console'))
    for (const { command } of commandsOf(block)) {
      shell.run(command);
      const name = /--figure (\S+\.svg)/.exec(command)?.[1];
      if (name === undefined) continue;
      // A hundredth of a pixel is enough.
      const svg = readFileSync(join(folder, name), 'utf8').replace(/-?\d+\.\d{3,}/g, (number) =>
        String(Math.round(Number(number) * 100) / 100),
      );
      writeFileSync(join(pictures, name), svg);
      console.log(`${name}: ${(svg.length / 1024).toFixed(0)} kB`);
    }
} finally {
  shell.close();
  rmSync(folder, { recursive: true });
}
