/** Groups by numbers from 0 on, in the order in which they come. */
export function numberedGroups(
  groups: ArrayLike<number> | undefined,
  samples: number,
): { readonly group: Int32Array; readonly groups: number } {
  if (groups === undefined) return { group: Int32Array.from({ length: samples }, (_, n) => n), groups: samples };
  const numbers = new Map<number, number>();
  const group = Int32Array.from(groups, (name) => {
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    return numbers.get(name)!;
  });
  return { group, groups: numbers.size };
}
