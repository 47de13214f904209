/**
 * Where a compiled module lies: worker threads run JavaScript, also when the caller is TypeScript that a test runner
 * translates on the fly. `path` is relative to the project's root, as it stands below dist/.
 */
export function compiledUrl(path: string): URL {
  const fromSource = import.meta.url.endsWith('.ts');
  return new URL(fromSource ? `../../dist/${path}` : `../../${path}`, import.meta.url);
}
