import type { SpectralLaw } from '../../theory/contracts.js';

/** What a command may touch of the outside world; tests pass their own. */
export interface Terminal {
  /** Data. With --json exactly one JSON object goes here and nothing else. */
  out(text: string): void;
  /** Logs, progress, errors. */
  err(text: string): void;
  readonly columns: number;
  readonly interactive: boolean;
  /** A program that waits for the outcome in place of a person: signals to this process are not for the command then. */
  readonly caller?: Caller;
}

export interface Caller {
  /** Aborted when the outcome is not wanted any more. */
  readonly signal: AbortSignal;
  onProgress(progress: Progress): void;
  /** The law that was asked for, to be asked more. */
  onLaw?(law: SpectralLaw): void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Of draws that are being made, in draws. */
  readonly begun?: number;
  readonly label: string;
  /** What is counted [draws]. */
  readonly unit?: string;
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
 * `terminal` with every control character made visible: names, seeds and files that others wrote reach a screen only as
 * text, whatever part of the program prints them.
 */
export function visibleOn(terminal: Terminal): Terminal {
  return {
    out: (text) => terminal.out(visible(text)),
    err: (text) => terminal.err(visible(text)),
    get columns() {
      return terminal.columns;
    },
    get interactive() {
      return terminal.interactive;
    },
  };
}

// But newline and tab: controls, separators of lines, and what turns the direction of a text.
const hidden = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Control characters as \u001b, which inside JSON stands for the same character. */
export const visible = (text: string): string => text.replace(hidden, escaped);

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Characters of a complaint, and of one word of it when the whole is longer. */
const longestLine = 300;
const longestWord = 60;

/**
 * A complaint on stderr, one line of less than 300 characters: of what is longer, first the words and then the line lose
 * their middle, since the place stands at the beginning and the remedy at the end.
 */
export function complain(terminal: Terminal, message: string): void {
  const line = visible(`limitlaw: ${message}`).replace(/[\n\t]/g, escaped);
  const short =
    line.length < longestLine
      ? line
      : cutMiddle(
          line.replace(/\S+/g, (word) => cutMiddle(word, longestWord)),
          longestLine,
        );
  terminal.err(`${short}\n`);
}

function cutMiddle(text: string, limit: number): string {
  if (text.length < limit) return text;
  const end = Math.floor(limit / 3);
  return `${text.slice(0, limit - end - 2)}…${text.slice(-end)}`;
}

/**
 * Prints one JSON object, numbers in full precision; non-finite numbers become the strings "Infinity", "-Infinity",
 * "NaN".
 */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, plainJson, 2)}\n`);
}

/** JSON has no infinities and no typed arrays; both matter here. */
function plainJson(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  return value;
}
