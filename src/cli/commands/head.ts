import { exitCodes } from '../exitCodes.js';
import { grouped, number, rootSeed, text } from '../modelOptions.js';
import type { Command } from '../command.js';
import { progressDisplay } from '../progress.js';
import { printJson } from '../terminal.js';

interface HeadCommandOptions {
  json: boolean;
  folder?: string;
  features?: string;
  output?: string;
  bias?: string;
  targets?: string;
  groups?: string;
  'log-normaliser'?: string;
  tied?: string;
  counts?: string;
  initialisation: boolean;
  halves: boolean;
  equivalent: boolean;
  label?: string;
  step?: string;
  batch?: string;
  tokens?: string;
  level: string;
  memory?: string;
  out?: string;
  seed: string;
  backend: 'auto' | 'wasm' | 'native' | 'reference';
}

export const head: Command<HeadCommandOptions> = {
  name: 'head [folder]',
  summary: "Hessian of a language model's head, from its features and output matrix: all C² block norms, exactly",
  words: {
    folder: { type: 'string', describe: 'Where an exporter wrote h.npy, V.npy and what else it has' },
  },
  options: {
    ...grouped('The head, logits V h + b:', {
      features: text('h, N×D: what the head is given at N positions (.npy, or a tensor)'),
      output: text('V, C×D: .npy, model.safetensors#lm_head.weight, or an index of shards'),
      bias: text('b, C numbers'),
    }),
    ...grouped('What is known beside it:', {
      targets: text('The next token of each position: the loss, and ranks by frequency'),
      counts: text('How often each token occurs in a longer text: ranks, and the unigram formula'),
      groups: text('The sequence of each position: those of one depend on each other'),
      'log-normaliser': text('log Σ_c exp f_c of each position: one pass over V less'),
      initialisation: {
        type: 'boolean',
        default: false,
        describe: 'V is as it was drawn: the law at initialisation is judged',
      },
      tied: text('The token at each position, where V is the embedding too'),
      label: text('Words for this head, for figures [default: those of head.json]'),
      step: number('Its training step, for figures [default: that of head.json]'),
    }),
    ...grouped('The run:', {
      batch: number('Positions at once, at most 4096 [default: all up to 4096, else 1024]'),
      tokens: number('Tokens whose blocks are whitened, across ranks; 0: none [default: as many as fit]'),
      halves: {
        type: 'boolean',
        default: false,
        describe: 'Spectra of blocks on the first half of the groups against the second',
      },
      equivalent: {
        type: 'boolean',
        default: false,
        describe: 'Spectra of blocks against those of normal features of the same mean and covariance',
      },
      level: { ...number('Chance of a false alarm'), default: '0.01', defaultDescription: '0.01' },
      memory: text('What may be used, 4G say [default: what the machine or a scheduler gives]'),
      out: text('A new folder for results.json, report.html, and rows.csv with every token'),
      backend: { choices: ['auto', 'wasm', 'native', 'reference'], default: 'auto', describe: 'Linear algebra' },
      seed: rootSeed,
    }),
  },
  examples: [
    ['head exported', 'everything of a folder that python/limitlaw_export.py wrote'],
    ['head --features h.npy --output model.safetensors#lm_head.weight --groups seq.npy', 'V from a checkpoint'],
    ['head --features h.npy --output V.npy --initialisation', 'an untrained head against its law'],
  ],
  async run(options, terminal) {
    const { runHead } = await import('../../pipeline/head/runHead.js');
    const { requireNewHead, saveHead } = await import('../../pipeline/head/saveHead.js');
    const { json, out, 'log-normaliser': logNormaliser, ...rest } = options;
    if (out !== undefined) requireNewHead(out);
    const begun = performance.now();
    const progress = progressDisplay(terminal);
    const outcome = await runHead({ ...rest, logNormaliser }, (done, total, unit) =>
      progress.update({
        ...{ done, total, unit },
        label: unit === 'rows' ? 'rows of V in all passes' : 'draws of features',
      }),
    ).finally(() => progress.stop());
    const { result } = outcome;
    const seconds = (performance.now() - begun) / 1000;
    const written = out === undefined ? [] : await saveHead(out, outcome, { created: new Date(), seconds });
    if (json) printJson(terminal, result);
    else {
      const { headTable } = await import('../headTable.js');
      terminal.out(headTable(result, terminal.columns));
    }
    for (const path of written) terminal.err(`written: ${path}\n`);
    return result.statements.some(({ verdict }) => verdict === 'disagree') ? exitCodes.rejected : exitCodes.done;
  },
};
