import type { Panel } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { axis, exactLine, logAxis, logExtent } from '../parts.js';
import type { TrainResult } from '../trainResult.js';
import {
  bothData,
  courseOf,
  courseTrace,
  dataColour,
  dataName,
  marksOn,
  provenanceOf,
  stepAxis,
} from './trainingParts.js';

const curveOf = { train: 'trainingLoss', fresh: 'freshLoss' } as const;

type Curves = NonNullable<TrainResult['curves']['leastSquares']>;

const lawLine = ({ steps }: Curves, y: readonly number[], name: string, colour: string) =>
  exactLine({
    type: 'scatter',
    mode: 'lines',
    ...{ x: steps, y, name, showlegend: true },
    line: { color: colour, width: 1.3 },
    hovertemplate: `step %{x}: %{y:.4g}<extra>${name}</extra>`,
  });

const dots = { mode: 'markers' };

function lossPanel(run: TrainResult, curves: Curves): Panel {
  return {
    name: 'loss',
    title: 'loss',
    data: bothData.flatMap((data) => [
      lawLine(curves, curves[curveOf[data]], `law, ${dataName[data]}`, dataColour[data]),
      courseTrace(
        courseOf(run, data, ({ loss }) => loss),
        `drawn, ${dataName[data]}`,
        dataColour[data],
        dots,
      ),
    ]),
    x: stepAxis(run, { title: 'step' }),
    y: axis({ rangemode: 'tozero', title: '<i>L</i>' }),
    height: { inches: 1.5 },
  };
}

function gradientPanel(run: TrainResult, curves: Curves): Panel {
  const drawn = courseOf(run, 'train', ({ gradientPower }) => gradientPower);
  return {
    name: 'squared norm of S',
    title: '‖S‖²',
    data: [
      lawLine(curves, curves.gradientPower, `law, ${dataName.train}`, dataColour.train),
      courseTrace(drawn, `drawn, ${dataName.train}`, dataColour.train, dots),
    ],
    x: stepAxis(run, { title: 'step' }),
    y: logAxis(logExtent([...curves.gradientPower, ...drawn.values]), { title: '‖S‖²' }),
    height: { inches: 1.5 },
  };
}

export const leastSquaresDescent = figureDefinition<readonly TrainResult[]>({
  id: 'least-squares-descent',
  title: 'Gradient descent on the squared error against its law',
  needs: 'a linear model under squared error trained by gradient descent at a constant rate, with random labels',
  plan: ([run]) => {
    const curves = run?.curves.leastSquares ?? null;
    if (run === undefined || curves === null || marksOn(run, 'train').length === 0) return undefined;
    return {
      id: 'least-squares-descent',
      title: 'Gradient descent on the squared error against its law',
      column: 'double',
      groups: [[lossPanel(run, curves)], [gradientPanel(run, curves)]],
      most: { single: 1, double: 2 },
      caption: `Loss on training and fresh data, and $\\Vert S \\Vert^2$ with $S = X^{\\top} r / N$, of the linear model under squared error along gradient descent, beside their limits as $d, N \\to \\infty$. The Hessian is constant; the loss stays above 0 while $S$ vanishes.`,
      source: provenanceOf([run]),
    };
  },
});
