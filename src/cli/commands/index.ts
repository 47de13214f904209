import type { Command } from '../program.js';
import { doctor } from './doctor.js';

/** Every command, in the order in which `--help` lists them. */
export const commands: readonly Command<never>[] = [doctor] as unknown as readonly Command<never>[];
