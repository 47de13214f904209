import { exitCodes } from '../exitCodes.js';
import { number, text } from '../modelOptions.js';
import type { Command } from '../command.js';
import { printJson } from '../terminal.js';

interface BlocksCommandOptions {
  json: boolean;
  files?: readonly string[];
  level: string;
  out?: string;
}

export const blocks: Command<BlocksCommandOptions> = {
  name: 'blocks [files..]',
  summary: "Blocks of a network's Hessian, from norms that probes exported: ratios, how they fall with C, their floors",
  words: {
    files: { type: 'string', describe: 'probes.npz of one network: other C, steps and initialisations together' },
  },
  options: {
    level: { ...number('Chance that an interval misses'), default: '0.05', defaultDescription: '0.05' },
    out: text('A new folder for results.json, report.html, and blocks.csv'),
  },
  examples: [
    ['blocks probes.npz', 'a file that export_blocks of python/limitlaw_export.py wrote'],
    ['blocks C64-*.npz C256-*.npz C1024-*.npz --out run', 'initialisations at three C: exponents, and verdicts'],
    ['figures --from run --only blocks-against-classes', 'r against C, a panel for each tensor'],
  ],
  async run({ files = [], level, json, out }, terminal) {
    const { runBlocks } = await import('../../pipeline/blocks/runBlocks.js');
    const { requireNewBlocks, saveBlocks } = await import('../../pipeline/blocks/saveBlocks.js');
    if (out !== undefined) requireNewBlocks(out);
    const begun = performance.now();
    const result = runBlocks({ files, level });
    const seconds = (performance.now() - begun) / 1000;
    const written = out === undefined ? [] : await saveBlocks(out, result, { created: new Date(), seconds });
    if (json) printJson(terminal, result);
    else {
      const { blocksTable } = await import('../blocksTable.js');
      terminal.out(blocksTable(result, terminal.columns));
    }
    for (const path of written) terminal.err(`written: ${path}\n`);
    return exitCodes.done;
  },
};
