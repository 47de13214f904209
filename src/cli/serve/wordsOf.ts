import { UsageError } from '../../../theory/errors.js';

/** Options by their names, in the spelling of the command line or any other: aspect-ratio, aspect_ratio, aspectRatio. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Of the terminal, and what makes a script in place of a run: nothing that a program asks for. */
const refused = new Set(['json', 'csv', 'config', 'print-job', 'print-spec', 'print-schema', 'help', 'version', 'h']);

/**
 * The command line that says the same: text and numbers as they are, a list with commas, true as the option alone. What
 * is absent, null or false is left out.
 *
 * @param places names of what stands on the line without the name of an option, as the folder of `limitlaw head`; of a list each by itself
 * @throws UsageError for a name that is no option or a value that is no text; what the values must be, the command knows
 */
export function wordsOf(command: string, parameters: Parameters, places: readonly string[] = []): string[] {
  const words = Object.entries(parameters).flatMap(([parameter, value]) => {
    const name = parameter.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('_', '-');
    if (refused.has(name) || !/^[a-z][a-z-]*$/.test(name))
      throw new UsageError(`there is no option ${name} in a request: leave it out`);
    if (value === undefined || value === null || value === false) return [];
    if (places.includes(name))
      return (Array.isArray(value) ? value : [value]).map((each) => textOf(name, each).replace(/^-/, './-'));
    return [value === true ? `--${name}` : `--${name}=${textOf(name, value)}`];
  });
  return [command, ...words, '--json'];
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string' || typeof entry === 'number'))
    return value.join(',');
  throw new UsageError(`--${name} must be text, a number, a list of these, or true`);
}
