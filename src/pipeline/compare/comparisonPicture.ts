/** What a figure of a comparison shows. */
import { comparisonFigure, type FigureStyle, type PaperFigure } from '../../../figures/index.js';
import { literal } from '../../../figures/text.js';
import { lawGrid } from '../law/lawGrid.js';
import { version } from '../../version.js';
import type { Comparison } from './compare.js';
import type { ComparedSpectrum } from './comparedSpectrum.js';

const curvePoints = 800;
const bins = 40;

export function drawComparison(shown: ComparedSpectrum, result: Comparison, style: FigureStyle): PaperFigure {
  const { law, nodes, masses, outside, predicted } = shown;
  const x = lawGrid(law, curvePoints);
  const isCounted = masses === undefined;
  return comparisonFigure(
    {
      of: literal(result.source),
      with: literal(lawText(result)),
      verdict: result.verdict,
      source: literal(sourceText(result)),
      bulk: isCounted ? Array.from(nodes) : [],
      eigenvalues: isCounted ? Array.from([...nodes, ...outside]).sort((a, b) => a - b) : [],
      ...(isCounted ? {} : { histogram: weighed(nodes, masses) }),
      lawX: Array.from(x),
      lawDensity: Array.from(law.densities(x)),
      lawCdf: Array.from(law.cdfs(x)),
      atoms: law.atoms,
      support: law.support,
      outliers: {
        observed: outside,
        predicted: predicted.map(({ at, multiplicity, side }) => ({ at, multiplicity, side })),
      },
    },
    style,
  );
}

const lawText = (result: Comparison): string =>
  ('hypothesis' in result ? result.hypothesis : undefined) ?? 'the Marčenko–Pastur law that was fitted';

const sourceText = ({ seed, level, backend }: Comparison): string =>
  `Level ${level}, seed ${seed}. Drawn by limitlaw ${version} (${backend} backend).`;

/** Shares of mass between ascending nodes, in bins of one width. */
function weighed(nodes: Float64Array, masses: Float64Array) {
  const [low, high] = [nodes[0]!, nodes.at(-1)!];
  const width = (high - low) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  nodes.forEach((node, k) => {
    counts[Math.min(bins - 1, Math.floor((node - low) / width))]! += masses[k]!;
  });
  return {
    edges: Array.from({ length: bins + 1 }, (_, k) => low + k * width),
    counts,
    total: masses.reduce((sum, mass) => sum + mass, 0),
  };
}
