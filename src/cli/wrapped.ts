/** Lines of at most `columns` characters, broken at spaces; those after the first are indented. */
export function wrapped(sentence: string, columns: number, indent = 2): string {
  const lines = [''];
  for (const word of sentence.split(' ')) {
    const extended = `${lines.at(-1)}${word} `;
    if (extended.trimEnd().length > columns && lines.at(-1)!.trim() !== '') lines.push(`${' '.repeat(indent)}${word} `);
    else lines[lines.length - 1] = extended;
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}
