/**
 * What yargs finds wrong with the words of a command line, as one sentence that names the option, the rule, the value
 * and the remedy.
 */

/** What is known of the command that was called: undefined when there is none of that name. */
export interface CalledCommand {
  /** With its positional words: `merge <runs..>`. */
  readonly usage: string;
  /** Names of its options, without dashes. */
  readonly options: readonly string[];
}

export function usageSentence(message: string, words: readonly string[], command: CalledCommand | undefined): string {
  const lines = message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const text = lines.join(' ');
  const help = `see limitlaw ${command === undefined ? '' : `${nameOf(command)} `}--help`;
  const listed = (pattern: RegExp) => pattern.exec(text)?.[1]?.split(', ');

  const unknown = listed(/^Unknown arguments?: (.*)$/);
  if (unknown !== undefined) {
    // yargs names an option in both spellings, --logit-var and logitVar.
    const distinct = unknown.filter((name) => !unknown.some((other) => other !== name && camelCase(other) === name));
    return `${distinct.map((name) => unknownWord(name, words, command)).join(', ')}; ${help}`;
  }
  const missing = listed(/^Missing required arguments?: (.*)$/);
  if (missing !== undefined) return `${missing.map((name) => `--${name}`).join(', ')} must be given; ${help}`;
  const valueless = listed(/^Not enough arguments following: (.*)$/);
  if (valueless !== undefined) return `--${valueless[0]!} must be followed by a value, got none; ${help}`;
  const choice = /Argument: (\S+), Given: (.*), Choices: (.*)$/.exec(text);
  if (choice !== null)
    return `--${choice[1]!} must be one of ${choice[3]!.replaceAll('"', '')}, got '${choice[2]!.replace(/^"|"$/g, '')}'`;
  if (command !== undefined && text.startsWith('Not enough non-option arguments'))
    return `a word is missing: write limitlaw ${command.usage}; ${help}`;
  const suggestion = /^Did you mean (.*)\?$/.exec(text)?.[1];
  return suggestion === undefined ? text : `there is no such command; did you mean ${suggestion}?`;
}

function unknownWord(name: string, words: readonly string[], command: CalledCommand | undefined): string {
  const typed = words.find((word) => /^--?/.test(word) && word.replace(/^--?/, '').split('=')[0] === name);
  if (typed === undefined)
    return words.includes(name) ? `'${name}' belongs to no option` : `there is no option --${name}`;
  const near = nearest(name, command?.options ?? []);
  return `there is no option ${typed.split('=')[0]}${near === undefined ? '' : ` (did you mean --${near}?)`}`;
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function nameOf({ usage }: CalledCommand): string {
  return usage.split(' ')[0]!;
}

/**
 * The candidate that takes the fewest insertions, deletions and replacements of letters, if at most a third of the
 * letters.
 */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates.map((name) => ({ name, steps: editSteps(word, name) })).sort((a, b) => a.steps - b.steps);
  return best !== undefined && best.steps <= Math.max(1, word.length / 3) ? best.name : undefined;
}

function editSteps(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length]!;
}
