/**
 * Rows without holes for `count` equal things, `most` side by side at most: rows of one length where that takes hardly
 * more of them, else lengths that differ by one, the longer rows first. Every row takes the whole width.
 */
export function evenRows(count: number, most: number): readonly number[] {
  if (count === 0) return [];
  for (let length = Math.min(count, most); length > most / 2 && length > 1; length--)
    if (count % length === 0) return new Array<number>(count / length).fill(length);
  const rows = Math.ceil(count / most);
  return Array.from({ length: rows }, (_, row) => Math.ceil((count - row) / rows));
}

/**
 * Members of each row, from the sizes of groups: groups stay together, several in a row where all have one size; one
 * that is too large has a shorter row first.
 */
export function rowsOfGroups(sizes: readonly number[], most: number): readonly number[] {
  const [size = 1] = sizes;
  if (size <= most && sizes.every((other) => other === size))
    return evenRows(sizes.length, Math.floor(most / size)).map((groups) => groups * size);
  return sizes.flatMap((own) => {
    const full = Math.floor(own / most);
    const rest = own - full * most;
    return [...(rest > 0 ? [rest] : []), ...new Array<number>(full).fill(most)];
  });
}
