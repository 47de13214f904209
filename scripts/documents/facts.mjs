// Sentences of the documents whose numbers stand in the program: written here with the program's numbers in their places.
import { readFileSync } from 'node:fs';
import { exitCodes } from '../../dist/src/cli/exitCodes.js';
import { presets } from '../../dist/src/claims/presets.js';
import { commands } from './parseLimitlaw.mjs';

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const { paper, full } = presets;
const levelOfCheck = commands.find(({ name }) => name === 'check').options.level.default;
const grouped = (number) => (number < 10_000 ? String(number) : String(number).replace(/\B(?=(\d{3})+$)/g, ' '));
const [first, ...others] = paper.hiddenClasses;
const dimension = Math.max(...paper.dimensions);

/** What README.md, docs/commands.md and docs/verdicts.md must say between them, line breaks apart. */
export const facts = [
  `Node ${engines.node.replace('>=', '')} or newer`,
  `(d = ${dimension}, N = ${dimension / paper.aspectRatio}, C = ${first}, m = ${paper.width}; C = ${others.join(', ')} for the hidden block)`,
  `\`--preset full\` goes to d = ${Math.max(...full.dimensions)} and C = ${grouped(Math.max(...full.norms.classes))}`,
  `(Holm over all tests of the run, ${levelOfCheck} unless you say otherwise)`,
  `Exit codes: ${exitCodes.done} agreement or done, ${exitCodes.rejected} a claim`,
  `is rejected, ${exitCodes.usage} usage error, ${exitCodes.failure} numerical or system failure, ${exitCodes.interrupted} interrupted`,
];

/** Those of the sentences that a text does not have. */
export function missingFacts(text, sentences = facts) {
  const plain = text.replace(/\s+/g, ' ');
  return sentences.filter((sentence) => !plain.includes(sentence));
}
