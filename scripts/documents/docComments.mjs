import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Doc comments that hold an example, as Markdown: `file`, `line`, `text`. An `@example` needs a fenced block to be run. */
export function docComments({ folder, files }) {
  return files
    .filter((file) => /^(theory|simulations|figures|src)\/.*\.ts$/.test(file))
    .flatMap((file) => {
      const source = readFileSync(join(folder, file), 'utf8');
      return [...source.matchAll(/\/\*\*([\s\S]*?)\*\//g)]
        .filter(([, body]) => /@example|```/.test(body))
        .map((match) => ({
          file,
          line: source.slice(0, match.index).split('\n').length,
          text: markdownOf(match[1]),
        }));
    });
}

/** The comment without its stars and the line `@example`; without a fenced block it is one that no document may have. */
export function markdownOf(body) {
  const text = body
    .replace(/^[ \t]*\* ?/gm, '')
    .replace(/^@example\s*$/gm, '')
    .trim();
  return text.includes('```') ? `${text}\n` : `\`\`\`example\n${text}\n\`\`\`\n`;
}
