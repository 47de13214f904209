// Builds the documentation as a site that opens from disk: `npm run site` writes site/, `node scripts/site.mjs FOLDER`
// another new folder. The generator is TypeDoc: its pages of the API, with the documents of this tree before them.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Application, Converter, LogLevel } from 'typedoc';
import { load as addInternalTypes } from 'typedoc-plugin-missing-exports';
import { typesetMathematics } from './site/typesetMathematics.mjs';
import { FileRouter, groups, placeDocument } from './site/pages.mjs';
import { root } from './documents/runCommand.mjs';

const wanted = process.argv[2];
const out = wanted === undefined ? join(root, 'site') : resolve(wanted);
if (wanted !== undefined && existsSync(out)) {
  console.error(`site: ${out} exists, and nothing is overwritten; name a new folder`);
  process.exit(2);
}

const at = (path) => join(root, path);
const app = await Application.bootstrap({
  name: 'limitlaw',
  entryPoints: [at('theory/index.ts'), at('src/index.ts')],
  tsconfig: at('tsconfig.json'),
  readme: at('README.md'),
  projectDocuments: Object.values(groups).flat().map(at),
  out,
  // Types are checked by the tests, and a link to a line of a file is of no use away from a repository.
  skipErrorChecking: true,
  disableSources: true,
  sort: ['kind', 'alphabetical'],
  sortEntryPoints: false,
  searchInComments: true,
  searchInDocuments: true,
  includeHierarchySummary: false,
  customCss: at('scripts/site/site.css'),
  router: 'by-file',
  groupOrder: [...Object.keys(groups), '*'],
  navigation: { includeGroups: true, includeCategories: false, includeFolders: false },
  highlightLanguages: ['bash', 'console', 'typescript', 'javascript', 'json', 'yaml', 'python', 'bibtex'],
  ignoredHighlightLanguages: ['text', 'math', 'pycon'],
  markdownItLoader: typesetMathematics,
  validation: { notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: false },
  treatWarningsAsErrors: true,
  logLevel: LogLevel.Warn,
});
app.renderer.defineRouter('by-file', FileRouter);
addInternalTypes(app);
app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => placeDocument(document));

const project = await app.convert();
if (project === undefined) process.exit(1);
// By the names that a program imports them by.
for (const [folder, name] of Object.entries({ theory: 'limitlaw/theory', src: 'limitlaw' }))
  project.getChildByName(folder).name = name;
await app.generateDocs(project, out);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
console.log(`site: ${join(out, 'index.html')}`);
