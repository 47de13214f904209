import type { PowerAgainst } from '../../simulations/comparisons/index.js';
import { counted } from './counted.js';
import { powerText } from './probability.js';

/**
 * How well tests would see one wrong prediction, for a reader: "aspect ratio 5 % too large would be seen with probability
 * 1; 3 draws would do. Smallest seen: 0.95 %." How many would do, and the smallest such error that is seen, are meant at
 * the power that a verdict asks for.
 */
export function powerSentence({ alternative, power, replicatesNeeded, smallestDetected }: PowerAgainst): string {
  const enough = Number.isFinite(replicatesNeeded)
    ? `${counted(replicatesNeeded, 'draw')} would do`
    : 'no number of draws would do';
  const smallest =
    smallestDetected !== undefined && Number.isFinite(smallestDetected)
      ? ` Smallest seen: ${Number((100 * smallestDetected).toPrecision(2))} %.`
      : '';
  return `${alternative} would be seen with probability ${powerText(power)}; ${enough}.${smallest}`;
}
