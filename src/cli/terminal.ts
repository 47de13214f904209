/** What a command may touch of the outside world; tests pass their own. */
export interface Terminal {
  /** Data. With --json exactly one JSON object goes here and nothing else. */
  out(text: string): void;
  /** Logs, progress, errors. */
  err(text: string): void;
  readonly columns: number;
  readonly interactive: boolean;
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  get columns() {
    return Math.min(process.stdout.columns ?? 80, 120);
  },
  get interactive() {
    return process.stderr.isTTY === true && process.env['CI'] === undefined;
  },
};

/**
 * Prints one JSON object, numbers in full precision; non-finite numbers become the strings "Infinity", "-Infinity",
 * "NaN".
 */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, plainJson, 2)}\n`);
}

/** JSON has no infinities and no typed arrays; both matter here. */
export function plainJson(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  return value;
}
