// Compiles the numerical kernels (AssemblyScript) to WebAssembly and embeds them in TypeScript as base64:
// one file to load, in Node, browsers and workers. Skips a module whose sources have not changed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { noticeOf, writeNotices } from './notices.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const assembly = 'simulations/linalg/wasm/assembly/';
const common = ['-O3', '--runtime', 'stub', '--noAssert'];
const simd = ['--enable', 'simd', '--importMemory'];
const modules = [
  { source: 'normals.ts', name: 'normalsBase64', output: 'simulations/random/normals.generated.ts', options: [] },
  {
    source: 'kernels.ts',
    name: 'kernelsBase64',
    output: 'simulations/linalg/wasm/kernels.generated.ts',
    options: simd,
  },
  {
    source: 'kernels.ts',
    name: 'fusedKernelsBase64',
    output: 'simulations/linalg/wasm/fusedKernels.generated.ts',
    options: [...simd, '--enable', 'relaxed-simd', '--use', 'FUSED=1'],
  },
];

const sources = readdirSync(root + assembly)
  .filter((name) => name.endsWith('.ts') || name.endsWith('.json'))
  .sort();
const digest = createHash('sha256');
for (const name of sources) digest.update(name).update(readFileSync(root + assembly + name));
digest.update(readFileSync(new URL(import.meta.url)));
const stamp = `// sources ${digest.digest('hex')}`;

for (const { source, name, output, options } of modules) {
  if (existsSync(root + output) && readFileSync(root + output, 'utf8').startsWith(stamp)) continue;
  let binary;
  const { error, stderr } = await asc.main([source, '--outFile', 'kernels.wasm', ...common, ...options], {
    readFile: (path) => (existsSync(root + assembly + path) ? readFileSync(root + assembly + path, 'utf8') : null),
    writeFile: (path, contents) => {
      if (path.endsWith('.wasm')) binary = contents;
    },
    listFiles: () => [],
  });
  if (error) {
    console.error(`kernels: ${source} did not compile\n${stderr.toString()}`);
    process.exit(1);
  }
  const text = Buffer.from(binary).toString('base64');
  writeFileSync(root + output, `${stamp}\nexport const ${name} =\n  '${text}';\n`);
  console.log(`kernels: ${output} (${binary.length} bytes)`);
}
// The compiler puts parts of its own library into what it makes.
writeNotices('kernels', [noticeOf('node_modules/assemblyscript')]);
