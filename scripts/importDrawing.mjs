// Which folders import which: `node scripts/importDrawing.mjs [--tree FOLDER]` draws the imports of a source tree, and
// writes the SVG to standard output. Folders stand from the command line down to the formulas; an arc on the right is an
// import of something below, one on the left (red) of something above, which the import rules forbid.
import { cruise } from 'dependency-cruiser';
import { parseArgs } from 'node:util';

/** From above to below; a folder may import what stands further down. The second name is what 0.1.0 called it. */
const floors = [
  ['cli'],
  ['explore'],
  ['pipeline'],
  ['report'],
  ['claims'],
  ['draws'],
  ['specification', 'spec'],
  ['store'],
  ['figures'],
  ['simulations'],
  ['theory'],
];
const rowHeight = 34;
const middle = 190;
const size = { width: 380, height: rowHeight * floors.length + 40 };

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { tree: { type: 'string', default: '.' } } });
  process.stdout.write(await importDrawing(values.tree));
}

/** The drawing of the tree in `folder`, as text of an SVG file. */
export async function importDrawing(folder = '.') {
  const pairs = await importsBetweenFolders(folder);
  const present = floors.filter((names) => pairs.flat().some((name) => names.includes(name)));
  const row = (name) => present.findIndex((names) => names.includes(name));
  const named = (names) => names.find((name) => pairs.flat().includes(name));
  const height = rowHeight * present.length + 40;
  const arcs = pairs
    .filter(([from, to]) => row(from) >= 0 && row(to) >= 0)
    .sort(([a, b], [c, d]) => row(a) - row(c) || row(b) - row(d))
    .map(([from, to]) => arc(row(from), row(to)));
  const labels = present.map(
    (names, k) => `<text x="${middle}" y="${centre(k) + 5}" text-anchor="middle">${named(names)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" width="${size.width}" height="${height}" font-family="sans-serif" font-size="14">
<rect width="100%" height="100%" fill="#ffffff"/>
<defs>${['#5b6b7b', '#c62828'].map((colour) => `<marker id="${marker(colour)}" markerWidth="7" markerHeight="7" refX="6" refY="3" orient="auto"><path d="M0 0 L6 3 L0 6 Z" fill="${colour}"/></marker>`).join('')}</defs>
${[...arcs, ...labels].join('\n')}
</svg>
`;
}

function arc(from, to) {
  const down = to > from;
  const colour = down ? '#5b6b7b' : '#c62828';
  const x = middle + (down ? 52 : -52);
  const reach = x + (down ? 1 : -1) * (14 + 13 * Math.abs(to - from));
  // Departures stand a little below the middle of a line of text and arrivals a little above it.
  const [y1, y2] = [centre(from) + (down ? 5 : -5), centre(to) - (down ? 5 : -5)];
  return `<path d="M${x} ${y1} C${reach} ${y1} ${reach} ${y2} ${x} ${y2}" fill="none" stroke="${colour}" stroke-width="${down ? 1.2 : 2}" marker-end="url(#${marker(colour)})"/>`;
}

function centre(k) {
  return 34 + rowHeight * k;
}

function marker(colour) {
  return `head${colour.slice(1)}`;
}

/** Pairs [importer, imported] of different folders, each once. */
async function importsBetweenFolders(folder) {
  const { output } = await cruise(['theory', 'simulations', 'figures', 'src'], {
    baseDir: folder,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  });
  const pairs = new Map();
  for (const { source, dependencies } of output.modules) {
    for (const { resolved } of dependencies) {
      const pair = [folderOf(source), folderOf(resolved)];
      if (pair[0] !== pair[1]) pairs.set(pair.join(' '), pair);
    }
  }
  return [...pairs.values()];
}

function folderOf(file) {
  const [top, second] = file.split('/');
  return top === 'src' ? second : top;
}
