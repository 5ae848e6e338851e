import { type SummaryRow, summariesQuery, summaryRow } from '#domain/performance/view.ts';
import { listSummaries } from '#db/performance/summaries.ts';
import { type CsvColumn, csvResponse, everyRow } from '#app/_server/api/csv.ts';
import { route } from '#app/_server/api/route.ts';
import { exportPage, format, pageOf } from '#app/_server/api/schemas.ts';

const columns: readonly CsvColumn<SummaryRow>[] = [
  { name: 'trading_day', value: ({ trading_day }) => trading_day },
  { name: 'level', value: ({ level }) => level },
  { name: 'subject', value: ({ subject }) => subject },
  { name: 'name', value: ({ name }) => name },
  { name: 'opening_equity', value: ({ opening_equity }) => opening_equity },
  { name: 'closing_equity', value: ({ closing_equity }) => closing_equity },
  { name: 'net_flow', value: ({ net_flow }) => net_flow },
  { name: 'pnl', value: ({ pnl }) => pnl },
  { name: 'return', value: (row) => row.return.value },
  { name: 'realised_pnl', value: ({ realised_pnl }) => realised_pnl },
  { name: 'unrealised_pnl', value: ({ unrealised_pnl }) => unrealised_pnl },
  { name: 'fees', value: ({ fees }) => fees },
  { name: 'taxes', value: ({ taxes }) => taxes },
  { name: 'trades', value: ({ trades }) => trades },
  { name: 'wins', value: ({ wins }) => wins },
  { name: 'losses', value: ({ losses }) => losses },
  { name: 'draws', value: ({ draws }) => draws },
  { name: 'win_rate', value: ({ win_rate }) => win_rate.value },
  { name: 'gross_profit', value: ({ gross_profit }) => gross_profit },
  { name: 'gross_loss', value: ({ gross_loss }) => gross_loss },
  { name: 'profit_factor', value: ({ profit_factor }) => profit_factor.value },
  { name: 'max_drawdown', value: ({ max_drawdown }) => max_drawdown.value },
  { name: 'exposure', value: ({ exposure }) => exposure.value },
  { name: 'provisional', value: ({ provisional }) => provisional },
  { name: 'generated_at', value: ({ generated_at }) => generated_at },
];

export const GET = route({
  id: 'listSummaries',
  summary: 'List daily summaries',
  description:
    'Newest day first, of the scope, or of each trader or account. `format=csv` downloads all of them; a measure that is not defined is an empty cell.',
  tag: 'Performance',
  permission: 'traders.view',
  scope: true,
  query: summariesQuery.extend({ format }),
  response: { status: 200, schema: pageOf(summaryRow) },
  async handler({ db, scope, query: { format: wanted, ...query } }) {
    if (wanted === 'json') return listSummaries(db, scope, query);
    const rows = everyRow((cursor) => listSummaries(db, scope, { ...query, cursor, limit: exportPage }));
    return csvResponse(`summaries-${scope}-${query.level}.csv`, columns, rows);
  },
});
