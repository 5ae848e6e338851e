import type { LedgerEntry } from '#domain/ledger/entry.ts';

/**
 * Entries of a book from the middle, as `historyOf` can fold them: what belongs to a holding whose beginning is not
 * among them is left out, up to the owner's next buy of the symbol.
 */
export function fromFirstBuys(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const begun = new Set<string>();
  return entries.filter((entry) => {
    if (!('trader' in entry)) return false;
    const key = `${entry.trader ?? ''}\n${entry.symbol}`;
    if (entry.kind === 'fill' && entry.side === 'buy') begun.add(key);
    return begun.has(key);
  });
}
