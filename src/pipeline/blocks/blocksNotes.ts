import type { BlocksPoint, BlocksResult, BlocksTensor } from '../../../figures/blocksResult.js';

/** Beyond this, full and Gauss–Newton are two matters. */
const tenfold = 10;

/** Sentences that a reader of the numbers should know. */
export function blocksNotes(result: BlocksResult): string[] {
  return [...fullAgainstGaussNewton(result), ...floorNotes(result), ...errorNotes(result), ...sampleNotes(result)];
}

interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly point: BlocksPoint;
}

const ratiosOf = ({ name, points }: BlocksTensor): Ratio[] =>
  points.flatMap((point) =>
    point.fullOverGaussNewton === null ? [] : [{ name, value: point.fullOverGaussNewton.value, point }],
  );

function fullAgainstGaussNewton({ tensors, finalNorm }: BlocksResult): string[] {
  const far = tensors.flatMap(ratiosOf).filter(({ value }) => value > tenfold || value < 1 / tenfold);
  if (far.length === 0) return [];
  const names = [...new Set(far.map(({ name }) => name))];
  const furthest = far.reduce((a, b) => (distance(b.value) > distance(a.value) ? b : a));
  const { name, value, point } = furthest;
  const why =
    finalNorm === 'layer' || finalNorm === 'rms'
      ? ' At initialisation a final norm makes the full Hessian of a population below the head vanish, and the part of the sample, 1/N, is left.'
      : '';
  return [
    `Full and Gauss–Newton Hessian differ by more than tenfold in ${listed(names)}: in ${name} at C = ${point.classes}, N = ${point.samples} the mean squared norm of the full one's diagonal blocks is ${value.toPrecision(2)} times that of Gauss–Newton. What holds of one does not hold of the other.${why}`,
  ];
}

const distance = (ratio: number): number => Math.abs(Math.log(ratio));

function floorNotes({ tensors }: BlocksResult): string[] {
  const known = tensors.filter(({ points }) => points.some(({ floor }) => floor !== null));
  const notes =
    known.length === 0
      ? []
      : [
          'Floors are those of Gauss–Newton as C → ∞ at initialisation, to leading order in 1/D: of the last down projection from what a pair of inputs has in common to what an input has with itself.',
        ];
  const asked = tensors.filter(({ floor, points }) => floor !== null && points.every((point) => point.floor === null));
  return asked.length === 0
    ? notes
    : [
        ...notes,
        `No floor is stated for ${listed(asked.map(({ name }) => name))}: that needs the width D of the hidden state and the final norm, layer or rms, from the exporter.`,
      ];
}

function errorNotes({ tensors }: BlocksResult): string[] {
  const points = tensors.flatMap((tensor) => tensor.points).filter(({ gaussNewton }) => gaussNewton.ratio !== null);
  const single = points.some(({ probes }) => probes < 2);
  const alone = points.some(({ probed, blocks }) => probed === 1 && blocks > 1);
  const drawnOnce = tensors
    .flatMap(({ trends }) => trends)
    .some(({ errorsOf, pairs }) => errorsOf === 'probes' && pairs.length > 0);
  return [
    ...(drawnOnce
      ? [
          'Intervals of exponents are of probes and blocks where a C has one network: networks drawn again differ by more. Export two initialisations or more at each C.',
        ]
      : []),
    ...(single
      ? ['With one probe of a block its error cannot be told from that of the blocks: export with probes=2 or more.']
      : []),
    ...(alone
      ? ['Where one block of several was probed, nothing is known of the others: export with blocks=2 or more.']
      : []),
  ];
}

/** An exponent needs several C at one N. */
function sampleNotes({ files, tensors }: BlocksResult): string[] {
  const classes = new Set(files.map((file) => file.classes));
  const alone = tensors.flatMap(({ trends }) => trends).some(({ pairs }) => pairs.length === 0);
  return classes.size > 1 && alone
    ? ['Exponents are of files with one N and one step: those that have no other C beside them have none.']
    : [];
}

/** The first few, and how many more. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
