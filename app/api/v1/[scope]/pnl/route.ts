import { type PnlRow, pnlQuery, pnlView } from '#domain/performance/view.ts';
import { readPnl } from '#db/performance/pnl.ts';
import { type CsvColumn, csvResponse } from '#app/_server/api/csv.ts';
import { route } from '#app/_server/api/route.ts';
import { format } from '#app/_server/api/schemas.ts';

const columns: readonly CsvColumn<PnlRow>[] = [
  { name: 'key', value: ({ key }) => key },
  { name: 'name', value: ({ name }) => name },
  { name: 'trades', value: ({ trades }) => trades },
  { name: 'wins', value: ({ wins }) => wins },
  { name: 'losses', value: ({ losses }) => losses },
  { name: 'draws', value: ({ draws }) => draws },
  { name: 'net', value: ({ net }) => net },
  { name: 'gross_profit', value: ({ gross_profit }) => gross_profit },
  { name: 'gross_loss', value: ({ gross_loss }) => gross_loss },
  { name: 'fees', value: ({ fees }) => fees },
  { name: 'taxes', value: ({ taxes }) => taxes },
  { name: 'win_rate', value: ({ win_rate }) => win_rate.value },
  { name: 'profit_factor', value: ({ profit_factor }) => profit_factor.value },
  { name: 'payoff', value: ({ payoff }) => payoff.value },
  { name: 'expectancy', value: ({ expectancy }) => expectancy.value },
  { name: 'best', value: ({ best }) => best },
  { name: 'worst', value: ({ worst }) => worst },
  { name: 'average_hold_sec', value: ({ average_hold_sec }) => average_hold_sec },
];

async function* each<Row>(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows;
}

export const GET = route({
  id: 'getPnl',
  summary: 'Profit and loss of a range of trading days',
  description:
    'The equity curve (thinned out so that no extreme is lost) with its drawdown, each day, a breakdown of the closed round trips, and the measures of both. Of the scope, or of one trader or account. `format=csv` downloads the breakdown; a measure that is not defined is an empty cell.',
  tag: 'Performance',
  permission: 'traders.view',
  scope: true,
  query: pnlQuery.extend({ format }),
  response: { status: 200, schema: pnlView },
  async handler({ db, scope, query: { format: wanted, ...query } }) {
    const pnl = await readPnl(db, scope, query);
    if (wanted === 'json') return pnl;
    return csvResponse(`pnl-${scope}-by-${pnl.by}-${pnl.from}-${pnl.to}.csv`, columns, each(pnl.rows));
  },
});
