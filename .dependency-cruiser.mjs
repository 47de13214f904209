// Who may import whom. `npm run lint` runs it; docs/architecture.md has the drawing.
//
//   cli → pipeline → claims → draws → theory | simulations
//
// Types count as imports everywhere but between theory and simulations, which share the shapes of their numbers and no
// values: a formula that both used would agree with itself.

/** Words and errors: vocabulary, not mathematics. */
const vocabulary = '^theory/(names|errors)\\.ts$';
const above = (...folders) => `^(${folders.join('|')})/`;

export default {
  forbidden: [
    {
      name: 'no-circles-between-files',
      comment: 'Two files that need each other are one idea, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-circles-between-folders',
      comment: 'A folder stands above all that it imports.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    {
      name: 'theory-is-pure',
      comment: 'theory/ has no randomness, no files and no process: it runs in Node and in a browser.',
      severity: 'error',
      from: { path: '^theory/' },
      to: { path: above('simulations', 'figures', 'src') },
    },
    {
      name: 'theory-has-no-node',
      severity: 'error',
      from: { path: '^theory/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'simulations-know-no-theory',
      comment: 'A shared formula would agree with itself.',
      severity: 'error',
      from: { path: '^simulations/' },
      to: { path: '^theory/', pathNot: vocabulary, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'simulations-stand-below',
      severity: 'error',
      from: { path: '^simulations/' },
      to: { path: above('figures', 'src') },
    },
    {
      name: 'figures-redraw-without-a-simulation',
      severity: 'error',
      from: { path: '^figures/' },
      to: { path: above('simulations', 'src'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'draws-know-no-claims',
      severity: 'error',
      from: { path: '^src/draws/' },
      to: { path: '^src/(claims|pipeline|cli|report|explore)/' },
    },
    {
      name: 'claims-know-no-pipeline',
      severity: 'error',
      from: { path: '^src/claims/' },
      to: { path: '^src/(pipeline|cli|report|explore)/' },
    },
    {
      name: 'store-knows-no-pipeline',
      severity: 'error',
      from: { path: '^src/store/' },
      to: { path: '^src/(draws|claims|pipeline|cli|report|explore)/' },
    },
    {
      name: 'pipeline-knows-no-command-line',
      severity: 'error',
      from: { path: '^src/pipeline/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'command-line-is-thin',
      comment: 'A command reads options, calls the pipeline and prints.',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: {
        path: above('theory', 'simulations', 'figures', 'src/claims', 'src/draws'),
        pathNot: vocabulary,
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.generated\\.ts$|/assembly/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
