/**
 * What yargs finds wrong with the words of a command line, as one sentence that names the option, the rule, the value
 * and the remedy.
 */
import { nearest } from '../store/nearest.js';

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
    return `${command?.usage.includes(`[${choice[1]!}]`) === true ? '' : '--'}${choice[1]!} must be one of ${choice[3]!.replaceAll('"', '')}, got '${choice[2]!.replace(/^"|"$/g, '')}'`;
  if (command !== undefined && text.startsWith('Not enough non-option arguments'))
    return `a word is missing: write limitlaw ${command.usage}; ${help}`;
  return text;
}

/** Of a first word that is no command. */
export function unknownCommand(word: string, names: readonly string[]): string {
  const near = nearest(word, names);
  return `there is no command '${word}'${near === undefined ? '' : ` (did you mean ${near}?)`}; see limitlaw --help`;
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
