/** Takes what jobs came to in any order and gives the parts of whole rows, `perRow` jobs each, in the order of the rows. */
export function inOrder<Part>(
  perRow: number,
  give: (parts: readonly Part[]) => void,
): (job: number, part: Part) => void {
  const waiting = new Map<number, Part>();
  let row = 0;
  return (job, sums) => {
    waiting.set(job, sums);
    for (;;) {
      const parts = Array.from({ length: perRow }, (_, part) => waiting.get(row * perRow + part));
      if (!parts.every((part) => part !== undefined)) return;
      for (let part = 0; part < perRow; part++) waiting.delete(row * perRow + part);
      row++;
      give(parts);
    }
  };
}
