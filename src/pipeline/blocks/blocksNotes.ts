import type { BlocksPoint, BlocksResult, BlocksTensor } from '../../../figures/blocksResult.js';

/** Beyond this, full and Gauss–Newton are two matters. */
const tenfold = 10;

/** Sentences that a reader of the numbers should know. */
export function blocksNotes(result: BlocksResult): string[] {
  return [
    ...fullAgainstGaussNewton(result),
    ...floorNotes(result),
    ...tokenNotes(result),
    ...errorNotes(result),
    ...sampleNotes(result),
  ];
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
  const all = tensors.flatMap(ratiosOf);
  const less = all.filter(({ value }) => value < 1 / tenfold);
  const more = all.filter(({ value }) => value > tenfold);
  if (less.length + more.length === 0) return [];
  const said = [
    ...(less.length === 0 ? [] : [`less than a tenth in ${namesOf(less)} (${furthest(less, Math.min)})`]),
    ...(more.length === 0 ? [] : [`more than tenfold in ${namesOf(more)} (${furthest(more, Math.max)})`]),
  ];
  const isCancelled = less.length > 0 && (finalNorm === 'layer' || finalNorm === 'rms');
  return [
    `Full and Gauss–Newton Hessian are two matters here: of that of Gauss–Newton the mean squared norm of the full one's diagonal blocks is ${said.join(', and ')}. What holds of one does not hold of the other.${isCancelled ? ' At initialisation Gauss–Newton is cancelled below a final norm, but for noise of labels that falls like 1/N.' : ''}`,
  ];
}

const namesOf = (ratios: readonly Ratio[]): string => listed([...new Set(ratios.map(({ name }) => name))]);

function furthest(ratios: readonly Ratio[], end: typeof Math.min): string {
  const extreme = end(...ratios.map(({ value }) => value));
  const { name, point } = ratios.find(({ value }) => value === extreme)!;
  return `${Number(extreme.toPrecision(2))} in ${name} at C = ${point.classes}, N = ${point.samples}`;
}

function floorNotes({ tensors }: BlocksResult): string[] {
  const floors = tensors.flatMap(({ points }) => points.flatMap(({ floor }) => (floor === null ? [] : [floor])));
  const isRange = floors.some(([lower, upper]) => lower < upper);
  const notes =
    floors.length === 0
      ? []
      : [
          `Floors are those of Gauss–Newton as C → ∞ at initialisation, to leading order in 1/D${isRange ? ': of the last down projection from what pairs of inputs have in common to what an input has with itself' : ''}.`,
        ];
  const asked = tensors.filter(({ floor, points }) => floor !== null && points.every((point) => point.floor === null));
  return asked.length === 0
    ? notes
    : [
        ...notes,
        `No floor is stated for ${namesIn(asked)}: that needs the width D of the hidden state and the final norm, layer or rms, from the exporter.`,
      ];
}

/** Of an embedding most blocks are 0, and r falls for that reason alone. */
function tokenNotes({ tensors }: BlocksResult): string[] {
  const sparse = tensors.filter(({ points }) => points.some(({ live, blocks }) => 2 * live < blocks));
  const [first] = sparse;
  if (first === undefined) return [];
  const point = first.points.reduce((a, b) => (b.live / b.blocks < a.live / a.blocks ? b : a));
  return [
    `Data reach few of the blocks of ${namesIn(sparse)}: ${point.live} of ${point.blocks} of ${first.name} at C = ${point.classes}. Blocks of tokens that do not occur are 0, so that r falls like 1/C for that reason alone.`,
  ];
}

const namesIn = (tensors: readonly BlocksTensor[]): string => listed(tensors.map(({ name }) => name));

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
