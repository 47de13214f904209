// Are the errors of the hidden cross-entropy ratio meant? Needs a build. Each setting at half the default effort, or less
// where readouts are drawn, against 20 times that: z = difference / hypot(errors). Prints the rows of a Markdown table: C·r
// twice, the error in per cent, z, and the processor seconds of the shorter run.
// `node scripts/hiddenRatioErrors.mjs [part/parts]`; docs/tables/hidden-ratio-errors.md is its output. With `program` in
// the place of parts: the default effort against the independent program of test/fixtures/numpy/hiddenCeRatios.py.
import { readFileSync } from 'node:fs';
import { frobeniusRatio } from '../dist/theory/index.js';

const ratioOf = (setting) =>
  frobeniusRatio({ model: 'hidden', loss: 'ce', layer: 'hidden', aspectRatio: 0.5, ...setting });
const show = (classes, ratio, error) => `${(classes * ratio).toPrecision(6)} ± ${(classes * error).toPrecision(2)}`;

if (process.argv[2] === 'program') compareWithProgram();
else compareEfforts();

function compareWithProgram() {
  const path = new URL('../test/fixtures/numpy/hiddenCeRatios.json', import.meta.url);
  for (const { ratio, error, ...setting } of JSON.parse(readFileSync(path, 'utf8')).settings) {
    const { activation, initialisation, width, classes } = setting;
    const at = ratioOf(setting);
    const z = (at.ratio - ratio) / Math.hypot(at.ratioError, error);
    console.log(
      `| ${activation} | ${initialisation} | ${width} | ${classes} | ${show(classes, at.ratio, at.ratioError)} | ${show(classes, ratio, error)} | ${z.toFixed(2)} |`,
    );
  }
}

function compareEfforts() {
  const [part, parts] = (process.argv[2] ?? '1/1').split('/').map(Number);
  const settings = [];
  const add = (activations, choices, widths, counts) => {
    for (const choice of choices)
      for (const width of widths)
        for (const classes of counts)
          for (const activation of activations) settings.push({ activation, ...choice, width, classes });
  };
  const all = ['relu', 'gelu', 'tanh'];
  add(all, [{ initialisation: 'lecun' }], [3, 6], [10, 100, 1e4, 1e6]);
  add(all, [{ initialisation: 'pytorch' }], [4], [10, 200, 1e4]);
  add(['relu', 'gelu'], [{ logitVariance: 0.5 }], [3], [10, 1000, 1e5]);
  add(all, [{ initialisation: 'he' }], [8], [10, 1000]);
  add(all, [{ initialisation: 'he' }], [3], [2, 100]);
  add(['relu', 'gelu'], [{ initialisation: 'he' }], [4], [1e4]);

  for (const [index, setting] of settings.entries()) {
    if (index % parts !== part - 1) continue;
    // Ten classes and fewer are drawn, where errors fall like those of any mean.
    const effort = setting.classes > 10 ? 1e8 : 3e7;
    const at = (factor) => ratioOf({ ...setting, effort: factor * effort });
    const start = process.cpuUsage().user;
    const quick = at(1);
    const seconds = (process.cpuUsage().user - start) / 1e6;
    const long = at(20);
    const { classes } = setting;
    const initialisation = setting.initialisation ?? `variance ${setting.logitVariance}`;
    const z = (quick.ratio - long.ratio) / Math.hypot(quick.ratioError, long.ratioError);
    console.log(
      `| ${setting.activation} | ${initialisation} | ${setting.width} | ${classes} | ${show(classes, quick.ratio, quick.ratioError)} | ${((100 * quick.ratioError) / quick.ratio).toFixed(2)} | ${show(classes, long.ratio, long.ratioError)} | ${z.toFixed(2)} | ${seconds.toFixed(2)} |`,
    );
  }
}
