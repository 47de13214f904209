// Which documents the site has, in the order of its menu, what they are called there, and their addresses.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { KindRouter } from 'typedoc';
import { root } from '../documents/runCommand.mjs';

const inFolder = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);

const TABLES = 'Tables of evidence';

/** Groups of the menu, with paths below the tree's root. */
export const groups = {
  Guide: [
    'docs/start.md',
    'docs/verdicts.md',
    'docs/commands.md',
    'docs/recipes.md',
    'docs/head.md',
    'docs/blocks.md',
    'docs/python.md',
    'docs/paper.md',
  ],
  Background: [
    'paper-notes.md',
    'docs/architecture.md',
    'docs/serve.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'figures/gallery/README.md',
  ],
  [TABLES]: inFolder('docs/tables'),
};

/** A document is called by its first heading. */
export function placeDocument(document) {
  const path = document.project.files.getReflectionPath(document);
  const [group] = Object.entries(groups).find(([, pages]) => pages.some((page) => path.endsWith(`/${page}`)));
  document.frontmatter.group = group;
  // Who searches for words finds what explains them before each name that has them.
  document.relevanceBoost = group === TABLES ? 2 : 8;
  document.name = headingOf(document.content.map(({ text }) => text).join(''));
}

function headingOf(text) {
  const heading = /^# (.+)/.exec(text);
  if (heading === null) throw new Error(`a document begins with '${text.slice(0, 40)}', not with a heading`);
  return heading[1].replaceAll('`', '');
}

/** Pages of documents are named by their files, so that their addresses outlive a change of a heading. */
export class FileRouter extends KindRouter {
  getIdealBaseName(reflection) {
    if (!reflection.isDocument()) return super.getIdealBaseName(reflection);
    const path = reflection.project.files.getReflectionPath(reflection);
    const name = basename(path, '.md');
    return `documents/${name === 'README' ? 'gallery' : name}`;
  }
}
