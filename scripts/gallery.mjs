// Rebuilds figures/gallery from run folders: `npm run gallery -- [RUN …]` (the newest run in limitlaw-runs when none is
// named; several heads with commas between them are one). A run may be followed by a colon and the ids of the figures to take from it; of several runs that hold a
// figure the last one draws it. Figures that no named run holds stay as they are. Line figures as SVG, heat maps as small PNG; README.md beside them holds every caption,
// with the settings and the seed of its run.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const gallery = join(root, 'figures', 'gallery');
const { blocksFigures, figuresOf, headFigures, paperFigures, renderFigures, trainingFigures } = await import(
  join(root, 'dist', 'figures', 'index.js')
);

function newestRun() {
  const folder = join(root, 'limitlaw-runs');
  const runs = existsSync(folder)
    ? readdirSync(folder)
        .map((name) => join(folder, name))
        .filter((path) => existsSync(join(path, 'results.json')))
    : [];
  return runs.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

function readRun(argument) {
  const [, path, ids] = /^(.*?)(?::([\w,-]+))?$/.exec(argument);
  const found = path.split(',').map((each) => {
    if (!existsSync(join(each, 'results.json'))) fail(`no results.json in '${each}'`);
    return JSON.parse(readFileSync(join(each, 'results.json'), 'utf8'));
  });
  const results = ['train', 'head'].includes(found[0].kind) ? found : found[0];
  const drawable = figuresOf(results)
    .filter((definition) => definition.build() !== undefined)
    .map(({ id }) => id);
  for (const id of ids?.split(',') ?? []) if (!drawable.includes(id)) fail(`'${path}' has no figure '${id}'`);
  return { results, ids: ids?.split(',') ?? drawable };
}

function fail(message) {
  console.error(`gallery: ${message}; name run folders with a results.json, or make one with \`limitlaw check\``);
  process.exit(2);
}

const named = process.argv.length > 2 ? process.argv.slice(2) : [newestRun()].filter((run) => run !== undefined);
if (named.length === 0) fail('there is no run in limitlaw-runs');
const runs = named.map(readRun);
const resultsOf = new Map(runs.flatMap(({ results, ids }) => ids.map((id) => [id, results])));
const definitions = [
  ...new Map(runs.flatMap(({ results }) => figuresOf(results).map((each) => [each.id, each]))).values(),
];
const isMap = (id) => /heat-maps|blocks-by-classes/.test(id) && !id.startsWith('spectra');
const browser = { environment: process.env, platform: process.platform };
const work = mkdtempSync(join(tmpdir(), 'limitlaw-gallery-'));
const entries = earlierEntries();
try {
  for (const { id, title } of definitions.filter((definition) => resultsOf.has(definition.id))) {
    const results = resultsOf.get(id);
    const { caption, source } = figuresOf(results)
      .find((each) => each.id === id)
      .build();
    const format = isMap(id) ? 'png' : 'svg';
    await renderFigures({ results, ids: [id], formats: [format], outputDirectory: work, browser, width: 800 });
    const name = `${id}.${format}`;
    const file = readFileSync(join(work, name));
    const bytes = format === 'svg' ? Buffer.from(smaller(file.toString('utf8'))) : file;
    rmSync(join(gallery, name), { force: true });
    writeFileSync(join(gallery, name), bytes);
    entries.set(id, `## ${title}\n\n![${title}](${name})\n\n${caption} ${source}\n`);
    console.log(`${name}: ${(bytes.length / 1024).toFixed(0)} kB`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
const drawnFromRuns = [...paperFigures, ...trainingFigures, ...headFigures, ...blocksFigures].map(({ id }) => id);
// Those that a command drew by itself stand last, with their command.
const drawnAlone = [...entries.keys()].filter((id) => !drawnFromRuns.includes(id));
const inOrder = [...drawnFromRuns, ...drawnAlone].map((id) => entries.get(id)).filter((entry) => entry !== undefined);
writeFileSync(join(gallery, 'README.md'), `${[head(), ...inOrder].join('\n')}`);

/** What README.md holds of each figure, by its id. */
function earlierEntries() {
  const path = join(gallery, 'README.md');
  const [, ...sections] = existsSync(path) ? readFileSync(path, 'utf8').split(/^(?=## )/m) : [];
  return new Map(sections.map((section) => [/\]\(([\w-]+)\.\w+\)/.exec(section)?.[1], `${section.trimEnd()}\n`]));
}

function head() {
  return `# Gallery

Every figure but the last is drawn from a run folder, and its caption says which settings and seed made the run. The runs of these figures:

<!-- not run: the paper's sizes take half an hour -->

\`\`\`sh
limitlaw check --preset quick --out runs/quick
limitlaw check --preset paper --out runs/paper    # heat maps at the paper's sizes
node scripts/ratioRun.mjs runs/ratios              # norms of blocks for C up to 10 000
limitlaw check --calibrate --out runs/calibration  # or in shards, joined by limitlaw merge
limitlaw train --heat-maps --spectra --out runs/training-100
limitlaw train --dimension 500 --learning-rate 0.0125 --steps 400 --marks 0,50,100% --fresh-samples 500 --heat-maps \\
  --out runs/training-500                          # the published sizes, fewer and larger steps
# heads of a small language model, as in docs/head.md
limitlaw head test/fixtures/languageModel/step-0 --counts test/fixtures/languageModel/counts.npy --backend wasm --initialisation \\
  --out runs/head-0
limitlaw head test/fixtures/languageModel/step-30 --counts test/fixtures/languageModel/counts.npy --backend wasm \\
  --out runs/head-30
limitlaw head test/fixtures/languageModel/step-100 --counts test/fixtures/languageModel/counts.npy --backend wasm \\
  --out runs/head-100
limitlaw head test/fixtures/languageModel/step-300 --counts test/fixtures/languageModel/counts.npy --backend wasm \\
  --out runs/head-300
limitlaw head test/fixtures/languageModel/step-1000 --counts test/fixtures/languageModel/counts.npy --backend wasm \\
  --out runs/head-1000
limitlaw blocks test/fixtures/smallGpt/c*.npz --out runs/blocks  # a small GPT, as in docs/blocks.md
npm run gallery -- runs/quick runs/ratios:ratio-against-classes runs/calibration \\
  runs/paper:hessian-heat-maps,hidden-blocks-by-classes,linear-blocks-by-classes \\
  runs/training-100:residual-bounds,memorisation-scores \\
  runs/training-500:training-heat-maps,training-heat-maps-by-unit,residual-spectrum \\
  runs/head-0,runs/head-30,runs/head-100,runs/head-300,runs/head-1000 \\
  runs/blocks:blocks-against-classes
\`\`\`
`;
}

/** Coordinates to a hundredth of a pixel. */
function smaller(svg) {
  return svg.replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100));
}
