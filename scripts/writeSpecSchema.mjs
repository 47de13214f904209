// Writes the published copy of the specification's schema, after a build: node scripts/writeSpecSchema.mjs
import { writeFileSync } from 'node:fs';

const { specSchema } = await import('../dist/src/specification/specSchema.js');
writeFileSync(new URL('../src/specification/schema.json', import.meta.url), `${JSON.stringify(specSchema, null, 2)}\n`);
