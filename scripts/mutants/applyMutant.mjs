// One small change of the theory: where it goes, and that it still goes there.
import { readFileSync } from 'node:fs';

/** A list of changes that no longer fits the source. A person mends it: the message names every entry. */
export class StaleList extends Error {}

/** The text of the changed file. Throws a StaleList unless `find` occurs in it exactly once. */
export function applyMutant(root, { id, file, find, replace }) {
  const path = `theory/${file}`;
  let source;
  try {
    source = readFileSync(`${root}/${path}`, 'utf8');
  } catch {
    throw new StaleList(`${id}: there is no file ${path}`);
  }
  const places = source.split(find).length - 1;
  if (places !== 1)
    throw new StaleList(
      `${id}: ${path} must hold the text once, and holds it ${places} times: ${JSON.stringify(find)}`,
    );
  if (find === replace) throw new StaleList(`${id}: the change changes nothing`);
  // A function, because a string would have its $ read as patterns.
  return source.replace(find, () => replace);
}

/** TypeScript to the JavaScript that the build makes of it; throws where the text does not parse. */
export async function transpile(text, path) {
  const { transform } = await import('esbuild');
  const { code } = await transform(text, {
    loader: 'ts',
    target: 'es2022',
    sourcefile: path,
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return code;
}

/** Every entry applies and parses, and no two share a name; else a StaleList with one line for each that does not. */
export async function requireFresh(root, mutants) {
  const faults = [];
  const seen = new Set();
  for (const mutant of mutants) {
    if (seen.has(mutant.id)) faults.push(`${mutant.id}: the name is taken`);
    seen.add(mutant.id);
    try {
      await transpile(applyMutant(root, mutant), mutant.file);
    } catch (error) {
      faults.push(error instanceof StaleList ? error.message : `${mutant.id}: does not parse: ${error.message}`);
    }
  }
  if (faults.length > 0) throw new StaleList(faults.join('\n'));
}
