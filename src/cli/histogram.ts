/** Bars of the spectrum, with a mark where the law expects their ends. */
export function histogram(
  bins: readonly { from: number; observed: number; predicted: number }[],
  columns: number,
): string {
  const room = Math.max(20, Math.min(columns, 100) - 16);
  const tallest = Math.max(...bins.map(({ observed, predicted }) => Math.max(observed, predicted)), 1e-300);
  const lines = bins.map(({ from, observed, predicted }) => {
    const bar = '█'
      .repeat(Math.round((observed / tallest) * room))
      .padEnd(room + 1)
      .split('');
    bar[Math.round((predicted / tallest) * room)] = '│';
    return `${from.toPrecision(4).padStart(12)}  ${bar.join('').trimEnd()}`;
  });
  return `${lines.join('\n')}\n${' '.repeat(14)}█ eigenvalues  │ law\n`;
}
