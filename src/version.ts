import { readFileSync } from 'node:fs';

/** The version in package.json, from the source tree or from dist/. */
export const version: string = readVersion();

function readVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (manifest.name === 'limitlaw' && manifest.version !== undefined) return manifest.version;
    } catch {
      // Not there: the other place is tried.
    }
  }
  return 'unknown';
}
