/** `1 claim`, `2 claims`. The plural of an irregular noun is given. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;
