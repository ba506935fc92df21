/** The option that takes the fewest edits to reach from `word`, unless that would change more than half of it. */
export function nearest(word: string, options: readonly string[]): string | undefined {
  const ranked = options
    .map((option) => ({ option, edits: editDistance(word.toLowerCase(), option.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= Math.max(1, Math.floor(word.length / 2)) ? best.option : undefined;
}

/** Insertions, deletions and replacements between two words (Levenshtein), one row of the table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
