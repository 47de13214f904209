import type { Command } from '../program.js';
import { check } from './check.js';
import { doctor } from './doctor.js';

/** Every command, in the order in which `--help` lists them. */
export const commands: readonly Command<never>[] = [check, doctor] as unknown as readonly Command<never>[];
