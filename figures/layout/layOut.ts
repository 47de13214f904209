/**
 * From what a figure shows to a figure of exact size: rows of panels without holes, each row as wide as the column,
 * room for what stands around each panel, one legend below all.
 */
import { columnInches, figureConfig, fontFamily, pixelsPerInch } from '../figure.js';
import type { FigureDefinition, FigurePlan, FigureStyle, PaperFigure, Panel } from '../figure.js';
import type { RunResults } from '../results.js';
import { textFont } from '../parts.js';
import { plotlyText } from '../text.js';
import { choosePanel } from './choosePanel.js';
import { familyOf } from './family.js';
import { legendOf, type Legend } from './legend.js';
import { brokenTitle, leftRoom, lowerRoom, rightRoom, titleRoom, titleText, upperTicks } from './panelRoom.js';
import { rowsOfGroups } from './panelRows.js';
import { placePanel, type PanelPlace } from './place.js';

/** A definition from the plan of its figure. */
export const figureDefinition = <Results = RunResults>({
  plan,
  ...definition
}: Omit<FigureDefinition<Results>, 'build'> & {
  readonly plan: (results: Results) => FigurePlan | undefined;
}): FigureDefinition<Results> => ({
  ...definition,
  build: (results, style) => {
    const found = plan(results);
    return found === undefined ? undefined : layOut(found, style);
  },
});

/** Leaves room for a caption on a page of letter paper. */
const pageInches = 8.75;
/** Of a plotting area that must be made lower for the page. */
const leastInches = 0.8;
/** Panels side by side that numbers at their axes leave room for. */
const densest = { single: 2, double: 4 };

interface Row {
  readonly panels: readonly Panel[];
  /** Whether each shows the titles of its axes, and its colour bar: neighbours do not repeat each other. */
  readonly isTitledX: readonly boolean[];
  readonly isTitledY: readonly boolean[];
  readonly showsBar: readonly boolean[];
}

/** In pixels. */
interface MeasuredRow extends Row {
  /** Left edge of each plotting area, and the width of all. */
  readonly lefts: readonly number[];
  readonly width: number;
  readonly titles: readonly string[];
  /** Numbers along the upper edge. */
  readonly ticks: number;
  readonly upper: number;
  readonly height: number;
  readonly lower: number;
}

/** @throws UsageError for a panel that the figure does not have, and a font that is no name */
export function layOut(plan: FigurePlan, style: FigureStyle = {}): PaperFigure {
  const column = style.column ?? (style.panel === undefined ? plan.column : 'single');
  const all = column === 'single' ? (plan.narrow ?? plan.groups) : plan.groups;
  const groups = style.panel === undefined ? all : [[titledAlone(choosePanel(plan.id, all.flat(), style.panel))]];
  const width = wholePoints(columnInches[column] * pixelsPerInch, Math.round);
  const { rows, legend, kept } = onePage(groups, { most: plan.most[column], densest: densest[column], width });
  const height = wholePoints(heightOf(rows) + legend.height, Math.ceil);
  const panels = rows.flatMap((row) => row.panels);
  const placed = placesOf(rows, width, height).map((place, i) => placePanel(panels[i]!, place));
  let at = 0;
  return {
    id: plan.id,
    title: plan.title,
    column,
    config: figureConfig,
    caption: kept === groups.length ? plan.caption : shortened(plan.caption, panels.length, groups.flat().length),
    source: plan.source,
    panels,
    // The legend has told which traces name themselves.
    data: placed.flatMap(({ data }) => data.map((trace) => ({ ...trace, ...namedBy(legend.data[at++]!) }))),
    layout: {
      paper_bgcolor: '@paper',
      plot_bgcolor: '@plot',
      font: { family: familyOf(style.font, fontFamily), ...textFont },
      margin: { l: 0, r: 0, t: 0, b: 0, pad: 0, autoexpand: false },
      hovermode: 'closest',
      hoverlabel: { font: { family: fontFamily } },
      bargap: 0,
      ...legend.layout,
      ...Object.assign({}, ...placed.map(({ axes }) => axes)),
      annotations: placed.flatMap(({ annotations }) => annotations),
      shapes: placed.flatMap(({ shapes }) => shapes),
      width,
      height,
    },
  };
}

const titledAlone = (panel: Panel): Panel => ({ ...panel, title: panel.title || plotlyText(panel.name) });

/** Of a length in pixels, the nearest that is whole in pixels and in points: the page of a PDF has whole points. */
const wholePoints = (pixels: number, rounded: (value: number) => number): number => 4 * rounded(pixels / 4);

interface Room {
  readonly most: number;
  readonly densest: number;
  readonly width: number;
}

/** As many groups as a page has room for, from the first. */
function onePage(
  groups: FigurePlan['groups'],
  room: Room,
): { readonly rows: readonly MeasuredRow[]; readonly legend: Legend; readonly kept: number } {
  const legend = legendOf(
    groups.flat().flatMap(({ data }) => data),
    room.width,
  );
  const pixels = pageInches * pixelsPerInch - legend.height;
  const rows = fittingRows(groups, { ...room, room: pixels });
  return groups.length > 1 && heightOf(rows) > pixels + 1
    ? onePage(groups.slice(0, -1), room)
    : { rows, legend, kept: groups.length };
}

const shortened = (caption: string, shown: number, all: number): string =>
  `${caption.replace(/\.$/, '')}; the first ${shown} of ${all} panels are shown.`;

const namedBy = ({ name, showlegend }: PaperFigure['data'][number]) => ({
  ...(name === undefined ? {} : { name }),
  showlegend,
});

const heightOf = (rows: readonly MeasuredRow[]): number =>
  sum(rows.map(({ upper, height, lower }) => upper + height + lower));

const isWide = (group: readonly Panel[]): boolean => group.some((panel) => panel.isWide === true);

function rowsOf(given: FigurePlan['groups'], most: number): (readonly Panel[])[] {
  const groups = upright(given, most);
  const panels = groups.flat();
  const lengths = rowsOfGroups(
    groups.map(({ length }) => length),
    most,
  );
  let from = 0;
  return lengths.map((length) => panels.slice(from, (from += length)));
}

/** Groups of one size that are too long for a row, few enough to stand as columns. */
function upright(groups: FigurePlan['groups'], most: number): FigurePlan['groups'] {
  const size = groups[0]?.length ?? 0;
  const isTable = groups.length > 1 && groups.length <= most && groups.every(({ length }) => length === size);
  return isTable && size > most ? groups[0]!.map((_, k) => groups.map((group) => group[k]!)) : groups;
}

/** Rows that fit on a page: more panels side by side, or lower ones, where they would not. */
function fittingRows(
  groups: FigurePlan['groups'],
  { most, densest: limit, width, room }: Room & { readonly room: number },
): readonly MeasuredRow[] {
  const rowsWith = (count: number, factor = 1): readonly MeasuredRow[] => {
    const rows = [
      ...rowsOf(
        groups.filter((group) => !isWide(group)),
        count,
      ),
      ...rowsOf(groups.filter(isWide), 1),
    ];
    return measured(rows, width, factor);
  };
  for (let count = most; count <= Math.max(most, limit); count++) {
    const rows = rowsWith(count);
    if (heightOf(rows) <= room) return rows;
  }
  const rows = rowsWith(Math.max(most, limit));
  const plotted = sum(rows.map(({ height }) => height));
  return rowsWith(Math.max(most, limit), Math.max(0, (room - heightOf(rows) + plotted) / plotted));
}

/** What each panel of a row says, given its neighbours. */
const titledRow = (panels: readonly Panel[], below: readonly Panel[] | undefined): Row => ({
  panels,
  isTitledX: panels.map(({ x }, k) => below?.length !== panels.length || titleText(below[k]!.x) !== titleText(x)),
  isTitledY: panels.map(({ y }, k) => k === 0 || titleText(panels[k - 1]!.y) !== titleText(y)),
  showsBar: panels.map(({ bar }, k) => bar !== undefined && panels[k + 1]?.bar?.scale !== bar.scale),
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function measured(groups: readonly (readonly Panel[])[], width: number, factor: number): readonly MeasuredRow[] {
  const rows = groups.map((panels, r) => titledRow(panels, groups[r + 1]));
  return rows.map((row) => {
    const { panels, isTitledX } = row;
    // Rows of one length share their columns.
    const alike = rows.filter((other) => other.panels.length === panels.length);
    const widest = (of: (row: Row, k: number) => number): number[] =>
      panels.map((_, k) => Math.max(...alike.map((other) => of(other, k))));
    const before = widest((other, k) => leftRoom(other.panels[k]!, other.isTitledY[k]!));
    const after = widest((other, k) => rightRoom(other.panels[k]!, other.showsBar[k]!));
    const own = (width - sum(before) - sum(after)) / panels.length;
    const lefts = panels.map((_, k) => sum(before.slice(0, k + 1)) + sum(after.slice(0, k)) + k * own);
    const titles = panels.map((panel, k) => {
      // Over the neighbours that have none.
      const next = panels.findIndex((other, j) => j > k && other.title !== '');
      return brokenTitle(panel, (next < 0 ? width : lefts[next]! - before[next]!) - lefts[k]!);
    });
    const ticks = Math.max(...panels.map(upperTicks));
    return {
      ...row,
      lefts,
      width: own,
      titles,
      ticks,
      upper: ticks + Math.max(...titles.map(titleRoom)),
      height: Math.max(...panels.map((panel) => plottingHeight(panel, own, factor))),
      lower: Math.max(...panels.map((panel, k) => lowerRoom(panel, isTitledX[k]!))),
    };
  });
}

const plottingHeight = ({ height }: Panel, width: number, factor: number): number =>
  'perWidth' in height
    ? height.perWidth * width
    : Math.max(factor * height.inches, Math.min(leastInches, height.inches)) * pixelsPerInch;

function placesOf(rows: readonly MeasuredRow[], width: number, height: number): PanelPlace[] {
  const share = (pixels: number, of: number): number => Math.min(1, Math.max(0, Number((pixels / of).toFixed(5))));
  let top = 0;
  let position = 0;
  return rows.flatMap((row) => {
    const from = top + row.upper;
    const to = from + row.height;
    top = to + row.lower;
    return row.panels.map((_, k): PanelPlace => ({
      position: position++,
      domain: {
        x: [share(row.lefts[k]!, width), share(row.lefts[k]! + row.width, width)],
        y: [share(height - to, height), share(height - from, height)],
      },
      width: row.width,
      height: row.height,
      title: row.titles[k]!,
      titleShift: row.ticks + 2,
      isTitledX: row.isTitledX[k]!,
      isTitledY: row.isTitledY[k]!,
      showsBar: row.showsBar[k]!,
    }));
  });
}
