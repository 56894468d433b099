export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

const GAP = '  '

/** Rows below their titles, each column as wide as its widest cell. No frames: they are noise to people and to awk. */
export function renderTable (columns: readonly Column[], rows: ReadonlyArray<readonly string[]>): string {
  const widths = columns.map(({ title }, i) => Math.max(width(title), ...rows.map(row => width(row[i] ?? ''))))
  const line = (cells: readonly string[]): string => cells.map((cell, i) => pad(cell, widths[i] ?? 0, columns[i]?.align)).join(GAP).trimEnd()
  return [columns.map(column => column.title), ...rows].map(line).join('\n')
}

function pad (cell: string, to: number, align: Column['align'] = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, to - width(cell)))
  return align === 'right' ? spaces + cell : cell + spaces
}

// Combining marks take no room. What we print is Latin, so wide scripts are left aside.
function width (text: string): number {
  return Array.from(text.replace(/\p{Mark}/gu, '')).length
}
