import { type Html, html } from "./html.js";
import {
  cellOf,
  hasSources,
  sourcesOf,
  type TableCell,
  type TableColumn,
  type TableData,
  type TableRow,
} from "./table-data.js";

export type { TableCell, TableColumn, TableData, TableRow } from "./table-data.js";
export { tableCsv, tableMarkdown } from "./table-text.js";

/**
 * A table that scrolls in its own box where the page is too narrow, and that the page's script lets readers sort.
 * Where numbers have sources, the last column links each row to `#trial-<name>`.
 */
export function tableHtml(table: TableData): Html {
  const { id, title, caption, columns, rows, footRows = [], fixed = false } = table;
  const withSources = hasSources(table);
  const rowsHtml = (list: readonly TableRow[]) => list.map((row) => rowHtml(row, columns, withSources));
  return html`<figure class="table" id="${id}">
<figcaption id="${id}-caption"><strong>${title}</strong>${caption !== undefined && html` <span>${caption}</span>`}</figcaption>
<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0">
<table aria-labelledby="${id}-caption"${!fixed && html` class="sortable"`}>
<thead>${headHtml(columns, withSources)}</thead>
<tbody>${rowsHtml(rows)}</tbody>${
    footRows.length > 0 &&
    html`
<tfoot>${rowsHtml(footRows)}</tfoot>`
  }
</table>
</div>
</figure>
`;
}

interface Heading {
  readonly group?: string;
  readonly columns: readonly (TableColumn & { readonly index: number })[];
}

/** Neighbours of one group together; a column without a group stands alone. */
function headings(columns: readonly TableColumn[]): Heading[] {
  const found: { group?: string; columns: (TableColumn & { index: number })[] }[] = [];
  for (const [index, column] of columns.entries()) {
    const last = found.at(-1);
    if (column.group !== undefined && last?.group === column.group) last.columns.push({ ...column, index });
    else found.push({ group: column.group, columns: [{ ...column, index }] });
  }
  return found;
}

function headHtml(columns: readonly TableColumn[], withSources: boolean): Html {
  const grouped = headings(columns);
  const twoRows = grouped.some(({ group }) => group !== undefined);
  const alone = twoRows ? html` rowspan="2"` : undefined;
  const heading = (column: Heading["columns"][number], span?: Html) =>
    html`<th scope="col"${span} data-column="${column.index}"${column.numeric && html` class="number"`}>${column.title}</th>`;
  const from = withSources && html`<th scope="col"${alone} class="from">from</th>`;
  const first = grouped.map((entry) =>
    entry.group === undefined
      ? heading(entry.columns[0], alone)
      : html`<th scope="colgroup" colspan="${entry.columns.length}" class="group">${entry.group}</th>`,
  );
  const second = grouped
    .filter(({ group }) => group !== undefined)
    .flatMap((entry) => entry.columns.map((column) => heading(column)));
  return html`<tr>${first}${from}</tr>${twoRows && html`<tr>${second}</tr>`}`;
}

function rowHtml(row: TableRow, columns: readonly TableColumn[], withSources: boolean): Html {
  const cells = row.map((each, index) =>
    cellHtml(cellOf(each), columns[index]?.numeric ?? false, index === 0),
  );
  const links = sourcesOf(row).map(
    (source, index) =>
      html`<a href="#trial-${source}" title="${source}" aria-label="${source}">${index + 1}</a> `,
  );
  return html`<tr>${cells}${withSources && html`<td class="from">${links}</td>`}</tr>
`;
}

function cellHtml(cell: TableCell, numeric: boolean, namesRow: boolean): Html {
  const { text, value, sources = [], note, tone, anchor } = cell;
  const hover = [note, sources.length > 0 && `from ${sources.join(", ")}`].filter(Boolean).join("; ");
  const classes = [numeric && "number", tone, hover !== "" && "noted"].filter(Boolean).join(" ");
  const attributes = [
    anchor !== undefined && html` id="${anchor}"`,
    classes !== "" && html` class="${classes}"`,
    value !== undefined && html` data-value="${value}"`,
    sources.length > 0 && html` data-sources="${sources.join(" ")}"`,
    hover !== "" && html` title="${hover}"`,
  ];
  const content = html`${text}${note !== undefined && html`<span class="unseen"> (${note})</span>`}`;
  return namesRow
    ? html`<th scope="row"${attributes}>${content}</th>`
    : html`<td${attributes}>${content}</td>`;
}
