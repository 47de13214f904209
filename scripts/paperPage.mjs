// Writes docs/paper.md: each sentence of the paper with its marks in the runs named, and the figure that shows it.
//   node scripts/paperPage.mjs RUN …    after limitlaw check --preset quick --out RUN
// The words stand in src/claims/paperSentences.ts, the numbers in the runs; here only which figure belongs to which.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { paperSentences } from '../dist/src/claims/paperSentences.js';
import { root } from './documents/runCommand.mjs';

/** Headings, and figures of the gallery with what to look at. */
const shown = {
  zeroBlocks: ['Zero blocks under squared error'],
  limitLaws: ['Limit laws', 'spectra-by-dimension.svg', 'Spectra draw near to their law as d grows.'],
  blocksVanish: [
    'Blocks off the diagonal vanish',
    'hidden-blocks-by-classes.png',
    'The hidden blocks of the Hessian as C grows, on one scale of colours: those off the diagonal fade.',
  ],
  rateOne: [
    'They vanish like 1/C (hidden blocks)',
    'ratio-against-classes.svg',
    'Drawn ratios, theory at each C, and the limit, for this sentence and the next.',
  ],
  rateTwo: [
    'They vanish like 1/C² (linear and output blocks)',
    'linear-blocks-by-classes.png',
    'The whole Hessian of the linear model as C grows.',
  ],
  circulant: [
    'One column between the layers',
    'hessian-heat-maps.png',
    'The part between the layers is block-circulant to the eye. Under squared error the eye is right about where the column stands, and wrong about how much it holds.',
  ],
  deepCirculant: [
    'Stripes between neighbouring layers',
    'deep-hessian.png',
    'A network with four hidden layers: a stripe is narrower than a pixel here, and shows by its share of a block.',
  ],
  boundedByLoss: ['Bounded by the loss', 'residual-bounds.svg', 'The residual part along training, below its bound.'],
  gapErased: [
    'Erased with the optimality gap',
    'memorisation-scores.svg',
    'What training takes of the residual part, on the data trained on and on fresh data.',
  ],
  crossErased: [
    'Training makes the cross-layer blocks vanish',
    'training-heat-maps-by-unit.png',
    'Above, each picture clipped at a hundredth of its own maximum, as the authors draw it, the part between the layers fades; below, on one scale, it does not.',
  ],
  crossShareErased: [
    'After training the picture is block-diagonal',
    'training-heat-maps.png',
    'The Hessian at 0, 50 and 100 % of a training.',
  ],
  diagonalKept: ['Training keeps the blocks diagonal'],
};

const runs = process.argv.slice(2).map((run) => JSON.parse(readFileSync(join(run, 'results.json'), 'utf8')));
if (runs.length === 0) {
  console.error('paperPage: name a run folder of limitlaw check');
  process.exit(2);
}
const [{ version }] = runs;
const marked = runs.flatMap(({ claims }) =>
  claims.flatMap(({ id, sentences = [] }) => sentences.map((sentence) => ({ claim: id, ...sentence }))),
);
const sections = Object.entries(paperSentences).map(([key, sentence]) => section(key, sentence));
writeFileSync(join(root, 'docs', 'paper.md'), `${[head(), ...sections].join('\n\n')}\n`);

function head() {
  return `# The paper, sentence by sentence

What the paper says, in this project's words, and what draws say of it. A sentence says in which range a number lies: it is **supported** in a set-up when the
whole 95 % interval of the measured number lies there, **refuted** when none of it does, **undecided** otherwise. A mark holds for the set-up in its row, and for no
other. The numbers are those of ${runs.map((run) => `\`limitlaw check --preset ${run.preset} --seed ${run.seed}\``).join(' and ')} (limitlaw ${version}); figures are those of the [gallery](../figures/gallery/README.md), which says how each was
made. Equations and their evidence: [paper notes](../paper-notes.md).

| sentence | marks |
| --- | --- |
${Object.keys(paperSentences)
  .map((key) => `| [${shown[key][0]}](#${anchor(shown[key][0])}) | ${tally(key)} |`)
  .join('\n')}`;
}

function section(key, { sentence, source, holds }) {
  const [heading, figure, look] = shown[key];
  const rows = of(key).flatMap(({ claim, setUp, grounds }) =>
    grounds.map(
      ({ quantity, measured, interval, said, mark }) =>
        `| ${mark} | ${number(measured)}${interval == null ? '' : ` (${number(interval.lower)} … ${number(interval.upper)})`} | ${said} | ${plain(quantity)} | \`${claim}\`: ${setUp} |`,
    ),
  );
  return [
    `## ${heading}`,
    `> ${sentence}`,
    `${source}. Where it holds: ${holds}.`,
    ...(figure === undefined ? [] : [`![${heading}](../figures/gallery/${figure})`, `*${look}*`]),
    ['| mark | measured | said | number | set-up |', '| --- | --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

function of(key) {
  const { sentence } = paperSentences[key];
  const found = marked.filter((one) => one.sentence === sentence);
  if (found.length === 0) throw new Error(`no run marks the sentence '${key}'`);
  return found;
}

function tally(key) {
  const marks = of(key).map(({ mark }) => mark);
  return [...new Set(marks)].map((mark) => `${mark} in ${marks.filter((one) => one === mark).length}`).join(', ');
}

/** Without the claim and setting, which the last column has. */
function plain(quantity) {
  return quantity.replace(/^[a-z-]+\/[a-z]+\/C=(\d+), /, 'C = $1, ').replaceAll('|', '\\|');
}

function number(value) {
  return value === null ? '∞' : String(Number(value.toPrecision(3)));
}

function anchor(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- ]/gu, '')
    .replaceAll(' ', '-');
}
