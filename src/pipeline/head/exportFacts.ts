import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { readRunJson } from '../../store/runFolder.js';

/** What an exporter says of a head in its head.json. */
export interface ExportFacts {
  readonly label: string | null;
  readonly step: number | null;
  /** V is the embedding too. */
  readonly isTied: boolean;
}

const file = 'head.json';

/**
 * Nothing where the folder has no head.json.
 * @throws UsageError where that is another file
 */
export function exportFacts(folder: string | undefined): ExportFacts {
  if (folder === undefined || !existsSync(join(folder, file))) return { label: null, step: null, isTied: false };
  const found = (readRunJson(folder, file, 'limitlaw_export.py') ?? {}) as Readonly<Record<string, unknown>>;
  const { kind, label = null, step = null, tied } = found;
  const isLabel = label === null || typeof label === 'string';
  const isStep = step === null || (typeof step === 'number' && Number.isSafeInteger(step) && step >= 0);
  if (kind !== 'limitlaw-head' || !isLabel || !isStep)
    throw new UsageError(
      `'${join(folder, file)}' must be what limitlaw_export.py writes, with a label in words and a step from 0 on: export again, or give --features and --output in place of the folder`,
    );
  return { label, step, isTied: tied === true };
}
