import { UsageError } from '../../../theory/errors.js';
import { finiteNumber } from './textOptions.js';

/**
 * Reads a discrete law of weights written "value:mass,value:mass,…", e.g. "-1:0.3,1:0.5,2:0.2". Masses may all be left
 * out and are then equal.
 * @throws UsageError naming the entry that is malformed, a negative mass, or masses that do not sum to 1 within 1e-9.
 */
export function parseWeights(text: string): { nodes: number[]; masses: number[] } {
  const entries = text.split(',').map((entry) => entry.trim());
  const parts = entries.map((entry, k) => {
    const fields = entry.split(':');
    if (entry === '' || fields.length > 2) {
      throw new UsageError(
        `--weights, entry ${k + 1} must read value:mass, got '${entry}'; write e.g. --weights "-1:0.3,1:0.7"`,
      );
    }
    return fields;
  });
  const withMass = parts.filter((fields) => fields.length === 2).length;
  if (withMass !== 0 && withMass !== parts.length) {
    throw new UsageError(
      `--weights must give a mass to every value or to none, got ${withMass} masses for ${parts.length} values`,
    );
  }
  const nodes = parts.map(([value], k) => finiteNumber(`--weights, value ${k + 1}`, value));
  if (withMass === 0) return { nodes, masses: nodes.map(() => 1 / nodes.length) };
  const masses = parts.map(([, mass], k) => {
    const value = finiteNumber(`--weights, mass ${k + 1}`, mass);
    if (value < 0) throw new UsageError(`--weights, mass ${k + 1} must not be negative, got '${mass}'`);
    return value;
  });
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  if (!(Math.abs(total - 1) <= 1e-9)) {
    throw new UsageError(
      `--weights: the masses must sum to 1 within 1e-9, they sum to ${total}; divide them by their sum`,
    );
  }
  return { nodes, masses };
}
