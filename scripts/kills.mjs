// Kills runs at random moments and lets them go on: `node scripts/kills.mjs [COUNT] [SEED]` prints how many were killed, what
// they had kept by then, and how many gave the bytes of an undisturbed run in the end. Exit code 1 when one did not.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killRuns, killTable } from './kills/killRuns.mjs';

const [count = '100', seed = '1'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'limitlaw-kills-'));
const kills = await killRuns(folder, Number(count), seed);
rmSync(folder, { recursive: true });
process.stdout.write(killTable(kills));
process.exitCode = kills.every(({ equal, told, kept }) => equal && kept >= told) ? 0 : 1;
