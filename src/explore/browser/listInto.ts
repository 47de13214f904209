/** Names and values as the rows of a table's body; text is text, whatever it holds. */
export function listInto(body: HTMLElement, rows: readonly (readonly [string, string])[]): void {
  body.replaceChildren(
    ...rows.map(([name, value]) => {
      const row = document.createElement('tr');
      const head = document.createElement('th');
      head.scope = 'row';
      head.textContent = name;
      const cell = document.createElement('td');
      cell.textContent = value;
      row.append(head, cell);
      return row;
    }),
  );
}
