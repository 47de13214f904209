import type { FigureDefinition } from '../figure.js';
import {
  axis,
  exactLine,
  inPanel,
  joinPanels,
  logAxis,
  panelAxes,
  panelDomain,
  panelTitle,
  paperFigure,
} from '../parts.js';
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

export const leastSquaresDescent: FigureDefinition<readonly TrainResult[]> = {
  id: 'least-squares-descent',
  title: 'Gradient descent on the squared error against its law',
  needs: 'a linear model under squared error trained by gradient descent at a constant rate, with random labels',
  build: ([run]) => {
    const curves = run?.curves.leastSquares ?? null;
    if (run === undefined || curves === null || marksOn(run, 'train').length === 0) return undefined;
    const line = (position: number, y: readonly number[], colour: string) =>
      exactLine({
        type: 'scatter',
        mode: 'lines',
        ...{ x: curves.steps, y, name: 'law', legendgroup: 'law', showlegend: position === 1 },
        line: { color: colour, width: 1.3 },
        hovertemplate: 'step %{x}: %{y:.4g}<extra>law</extra>',
        ...inPanel(position),
      });
    const dots = { mode: 'markers' };
    const grid = { rows: 1, columns: 2, horizontalGap: 0.12 };
    return paperFigure({
      id: 'least-squares-descent',
      title: 'Gradient descent on the squared error against its law',
      column: 'double',
      heightInches: 2.5,
      ...joinPanels([
        {
          data: bothData.flatMap((data) => [
            line(0, curves[curveOf[data]], dataColour[data]),
            courseTrace(
              courseOf(run, data, ({ loss }) => loss),
              0,
              `drawn, ${dataName[data]}`,
              dataColour[data],
              dots,
            ),
          ]),
          annotations: [panelTitle(0, 'loss')],
          axes: panelAxes(
            0,
            panelDomain(grid, 0, 0),
            stepAxis(run, { title: 'step' }),
            axis({ rangemode: 'tozero', title: 'L' }),
          ),
        },
        {
          data: [
            line(1, curves.gradientPower, '@ink'),
            courseTrace(
              courseOf(run, 'train', ({ gradientPower }) => gradientPower),
              1,
              `drawn, ${dataName.train}`,
              dataColour.train,
              { ...dots, showlegend: false },
            ),
          ],
          annotations: [panelTitle(1, '‖S‖²')],
          axes: panelAxes(1, panelDomain(grid, 0, 1), stepAxis(run, { title: 'step' }), logAxis()),
        },
      ]),
      margin: { t: 44, b: 34, l: 46, r: 16 },
      caption: `Loss on training and fresh data, and $\\lVert S \\rVert^2$ with $S = X^{\\top} r / N$, of the linear model under squared error along gradient descent, beside their limits as $d, N \\to \\infty$. The Hessian is constant; the loss stays above 0 while $S$ vanishes. ${provenanceOf([run])}`,
    });
  },
};
