/** A deep network on the page, to go on with elsewhere. */
import { csvText } from '../../../figures/csvText.js';
import { networkOf, type DeepChoice } from './deepChoice.js';
import type { DeepPoint } from './deepCurves.js';

/** Every ratio that is drawn and listed, in full: the columns of `limitlaw ratio --model deep --csv`. */
export const csvOfDeep = (points: readonly DeepPoint[]): string =>
  csvText([
    ['layer', 'classes', 'ratio', 'ratio_error', 'scaled', 'limit', 'floor', 'effective_outputs'],
    ...(points[0]?.layers ?? []).flatMap((_, k) =>
      points.map(({ classes, layers }) => {
        const { layer, ratio, error, scaled, limit, floor, effectiveOutputs } = layers[k]!;
        return [layer, classes, ratio, error, scaled, limit, floor, effectiveOutputs];
      }),
    ),
  ]);

/** The table of the page by `limitlaw ratio`. */
export function commandOfDeep(choice: DeepChoice): string {
  const { loss, depth, width, classes, dimension, aspectRatio } = choice;
  const variance = loss === 'ce' ? ` --logit-variance ${networkOf(choice).logitVariance}` : '';
  return `limitlaw ratio --model deep --loss ${loss} --depth ${depth} --width ${width} --classes ${classes === Infinity ? 'inf' : classes} --dimension ${dimension} --aspect-ratio ${aspectRatio}${variance}`;
}

/** A program for Node that prints layer, r, C·r, floor and C_eff of each layer, as `limitlaw` on npm has it. */
export function snippetOfDeep(choice: DeepChoice): string {
  const { loss, widths, ...numbers } = networkOf(choice);
  const setting = Object.entries({ loss: `'${loss}'`, ...numbers, widths: `[${widths.join(', ')}]` });
  return [
    "import { deepRatios } from 'limitlaw/theory';\n\n",
    'const layers = deepRatios({\n',
    ...setting.map(([name, value]) => `  ${name}: ${value},\n`),
    '});\n',
    'for (const { layer, ratio, scaled, floor, effectiveOutputs } of layers)\n',
    '  console.log(layer, ratio, scaled, floor, effectiveOutputs);\n',
  ].join('');
}
