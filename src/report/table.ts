import { escapeHtml } from '../../figures/render/markup.js';
import { typeset } from './typeset.js';

export interface Column {
  /** Plain text, formulas typeset. */
  readonly head: string;
  /** A name heads its row; numbers stand to the right; a word, such as a verdict, stays on its line. Default text. */
  readonly kind?: 'name' | 'number' | 'word';
}

/** Cells in HTML, one for each column. */
export interface Row {
  readonly cells: readonly string[];
  readonly rejected?: boolean;
}

/** Rows under a heading of their own, in HTML; no heading where it is empty. */
export interface RowGroup {
  readonly heading: string;
  readonly rows: readonly Row[];
}

interface TableParts {
  /** What the table is, for whoever hears it. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows?: readonly Row[];
  readonly groups?: readonly RowGroup[];
}

const classOf = ({ kind }: Column): string => (kind === 'number' || kind === 'word' ? ` class="${kind}"` : '');

/** How much room the names of rows take: what few numbers leave, a share beside other text, no more than they need. */
function shapeOf(columns: readonly Column[]): string {
  if (columns.some(({ kind }) => kind === undefined)) return ' class="told"';
  return columns.length < 6 ? ' class="named"' : '';
}

/**
 * A table; on a narrow screen each of its rows becomes a few lines, every number with its name, so that nothing lies
 * beyond the edge. Roles are written out, because a browser forgets what a table is when its rows are laid out anew.
 */
export function table({ label, columns, rows = [], groups = [{ heading: '', rows }] }: TableParts): string {
  const heads = columns.map(
    (column) => `<th scope="col" role="columnheader"${classOf(column)}>${typeset(column.head)}</th>`,
  );
  const bodies = groups.map(({ heading, rows: own }) => {
    const title =
      heading === ''
        ? ''
        : `<tr role="row" class="group"><th scope="rowgroup" role="rowheader" colspan="${columns.length}">${heading}</th></tr>`;
    return `<tbody role="rowgroup">${title}${own.map((row) => rowHtml(row, columns)).join('')}</tbody>`;
  });
  return `<table role="table" aria-label="${escapeHtml(label)}"${shapeOf(columns)}><thead role="rowgroup"><tr role="row">${heads.join('')}</tr></thead>${bodies.join('')}</table>`;
}

function rowHtml({ cells, rejected = false }: Row, columns: readonly Column[]): string {
  const html = cells.map((cell, k) => {
    const column = columns[k]!;
    if (column.kind === 'name') return `<th scope="row" role="rowheader">${cell}</th>`;
    const name = column.head === '' ? '' : ` data-head="${escapeHtml(column.head)}"`;
    return `<td role="cell"${classOf(column)}${name}>${cell}</td>`;
  });
  return `<tr role="row"${rejected ? ' class="rejected"' : ''}>${html.join('')}</tr>`;
}
