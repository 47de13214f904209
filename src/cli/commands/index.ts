import type { Command } from '../program.js';
import { check } from './check.js';
import { doctor } from './doctor.js';
import { explore } from './explore.js';
import { figures } from './figures.js';
import { law } from './law.js';
import { ratio } from './ratio.js';

/** Every command, in the order in which `--help` lists them. */
export const commands: readonly Command<never>[] = [check, law, ratio, figures, explore, doctor] as unknown as readonly Command<never>[];
