import type { CandidateFilter } from '#domain/strategies/candidates.ts';
import type { MarketRow } from './market.ts';

export interface NaiveAnswer {
  readonly candidates: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * The same question asked as one would write it first: rows as objects, grouped by symbol, each with the reason it was
 * passed over. Its answer must be ours.
 */
export function naiveDiscovery(rows: readonly MarketRow[], filter: CandidateFilter): NaiveAnswer {
  const bySymbol = new Map<string, MarketRow[]>();
  for (const row of rows) bySymbol.set(row.symbol, [...(bySymbol.get(row.symbol) ?? []), row]);
  const newest = rows.map(({ day }) => day).reduce((a, b) => (a > b ? a : b));
  const counts: Record<string, number> = {};
  const open: { symbol: string; score: number }[] = [];
  for (const [symbol, history] of bySymbol) {
    const today = history.find(({ day }) => day === newest);
    const reason = reasonOf(today, filter);
    if (reason === null && today !== undefined) open.push({ symbol, score: today.value });
    else if (reason !== null) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  open.sort((a, b) => b.score - a.score || a.symbol.localeCompare(b.symbol));
  const outranked = Math.max(0, open.length - filter.limit);
  if (outranked > 0) counts['candidate_outranked'] = outranked;
  return { candidates: open.slice(0, filter.limit).map(({ symbol }) => symbol), counts };
}

function reasonOf(row: MarketRow | undefined, filter: CandidateFilter): string | null {
  if (row === undefined || row.close === 0) return 'candidate_not_listed';
  if (filter.deny.includes(row.symbol)) return 'candidate_denied';
  if (filter.allow.length > 0 && !filter.allow.includes(row.symbol)) return 'candidate_not_allowed';
  if (filter.markets.length > 0 && !filter.markets.includes(row.market)) return 'candidate_other_market';
  if (row.open === 0) return 'candidate_halted';
  if (row.volume === 0) return 'candidate_no_volume';
  if (row.close < filter.price_min) return 'candidate_price_low';
  if (filter.price_max !== null && row.close > filter.price_max) return 'candidate_price_high';
  if (row.volume < filter.volume_min) return 'candidate_volume_low';
  if (row.value < filter.value_min) return 'candidate_value_low';
  if (filter.change_min !== null && row.change < filter.change_min) return 'candidate_change_low';
  if (filter.change_max !== null && row.change > filter.change_max) return 'candidate_change_high';
  return null;
}
