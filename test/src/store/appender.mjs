// Goes on with the journal in the folder that its first argument names, and says the index of each task once it is kept.
const { openJournal } = await import('../../../dist/src/store/journal.js');
const [folder, tasks] = process.argv.slice(2);
const header = {
  kind: 'check',
  version: '0.2.0',
  seed: '1',
  settings: '',
  backend: 'wasm',
  kernels: '',
  node: process.versions.node,
  inputs: {},
  tasks: Number(tasks),
  shard: null,
};
const journal = openJournal(folder, header);
for (let index = 0; index < header.tasks; index++) {
  if (journal.kept.has(index)) continue;
  journal.append(index, { eigenvalues: Float64Array.from({ length: 2000 }, (_, k) => Math.sin(index + k)), index });
  // At once, not when the loop turns: what is said before a kill is what the journal must hold.
  (await import('node:fs')).writeSync(1, `${index}\n`);
}
await journal.close();
