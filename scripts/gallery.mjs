// Rebuilds figures/gallery from a run folder: `npm run gallery -- [RUN]` (the newest run in limitlaw-runs when none is named).
// Line figures as SVG, heat maps as small PNG; captions are not kept here, the README shows the pictures with words of its own.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const gallery = join(root, 'figures', 'gallery');
const { paperFigures, renderFigures } = await import(join(root, 'dist', 'figures', 'index.js'));

function newestRun() {
  const folder = join(root, 'limitlaw-runs');
  const runs = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)).filter((path) => existsSync(join(path, 'results.json'))) : [];
  return runs.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}
const run = process.argv[2] ?? newestRun();
if (run === undefined || !existsSync(join(run, 'results.json'))) {
  console.error('gallery: name a run folder with a results.json, or make one with `limitlaw check`');
  process.exit(2);
}
const results = JSON.parse(readFileSync(join(run, 'results.json'), 'utf8'));
const browser = { environment: process.env, platform: process.platform };
const work = mkdtempSync(join(tmpdir(), 'limitlaw-gallery-'));
try {
  const drawable = paperFigures.filter((definition) => definition.build(results) !== undefined).map((definition) => definition.id);
  for (const [format, ids] of [
    ['png', drawable.filter((id) => /heat-maps|blocks-by-classes/.test(id))],
    ['svg', drawable.filter((id) => !/heat-maps|blocks-by-classes/.test(id))],
  ]) {
    if (ids.length === 0) continue;
    const { files } = await renderFigures({ results, ids, formats: [format], outputDirectory: work, browser, width: 840 });
    for (const file of files.filter((path) => path.endsWith(`.${format}`))) {
      const name = file.slice(work.length + 1);
      const bytes = format === 'svg' ? Buffer.from(smaller(readFileSync(file, 'utf8'))) : readFileSync(file);
      rmSync(join(gallery, name), { force: true });
      writeFileSync(join(gallery, name), bytes);
      console.log(`${name}: ${(bytes.length / 1024).toFixed(0)} kB`);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Coordinates to a hundredth of a pixel. */
function smaller(svg) {
  return svg.replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100));
}
