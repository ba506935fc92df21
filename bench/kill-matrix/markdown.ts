export function code(text: string): string {
  return `\`${text}\``;
}

/** A table in which an empty cell stays empty. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (text === "" ? " " : ` ${text} `);
  const line = (cells: readonly string[]): string => `|${cells.map(cell).join("|")}|`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
