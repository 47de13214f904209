// Stands in for `limitlaw`, `npm`, `npx` and `node` where a document's command is parsed and not run: exit code 0 when such a
// command exists and would take these words, otherwise a sentence on stderr.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const [program, ...words] = process.argv.slice(2);
const refuse = (sentence) => {
  console.error(sentence);
  process.exit(2);
};

if (program === 'npm') {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const [command, ...rest] = words.filter((word) => word !== '--silent');
  if (command === 'run' && !(rest[0] in scripts)) refuse(`package.json has no script '${rest[0]}'`);
  if (!['ci', 'install', 'link', 'run', 'test'].includes(command)) refuse(`npm has no command '${command}'`);
} else if (program === 'node') {
  if (!existsSync(new URL(words[0], root))) refuse(`there is no file ${fileURLToPath(new URL(words[0], root))}`);
} else {
  // `npx --package=ARCHIVE limitlaw …`
  if (program === 'npx' && words.splice(0, 2)[1] !== 'limitlaw') refuse('npx runs limitlaw from its archive');
  const { refusal } = await import('./parseLimitlaw.mjs');
  const complaint = await refusal(words);
  if (complaint !== undefined) refuse(complaint);
}
