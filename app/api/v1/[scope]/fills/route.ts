import { type FillView, fillFilter, fillView } from '#domain/ledger/view.ts';
import { listFills } from '#db/ledger/view.ts';
import { type CsvColumn, csvResponse, everyRow } from '#app/_server/api/csv.ts';
import { route } from '#app/_server/api/route.ts';
import { exportPage, format, pageOf } from '#app/_server/api/schemas.ts';

const columns: readonly CsvColumn<FillView>[] = [
  { name: 'fill_id', value: (row) => row.fill_id },
  { name: 'at', value: (row) => row.at },
  { name: 'trading_day', value: (row) => row.trading_day },
  { name: 'settles_on', value: (row) => row.settles_on },
  { name: 'account', value: (row) => row.account },
  { name: 'trader', value: (row) => row.trader },
  { name: 'order_id', value: (row) => row.order_id },
  { name: 'symbol', value: (row) => row.symbol },
  { name: 'symbol_name', value: (row) => row.symbol_name },
  { name: 'side', value: (row) => row.side },
  { name: 'quantity', value: (row) => row.quantity },
  { name: 'price', value: (row) => row.price },
  { name: 'amount', value: (row) => row.amount },
  { name: 'fee', value: (row) => row.fee },
  { name: 'tax', value: (row) => row.tax },
  { name: 'currency', value: (row) => row.currency },
];

export const GET = route({
  id: 'listFills',
  summary: 'List fills',
  description:
    'Newest first, from the ledger, each with its fee and tax. `from` and `to` are trading days. Amounts are exact: summaries can be recomputed from them. `format=csv` downloads all of them.',
  tag: 'Orders',
  permission: 'orders.view',
  scope: true,
  query: fillFilter.extend({ format }),
  response: { status: 200, schema: pageOf(fillView) },
  async handler({ db, scope, query: { format: wanted, ...filter } }) {
    if (wanted === 'json') return listFills(db, scope, filter);
    const rows = everyRow((cursor) => listFills(db, scope, { ...filter, cursor, limit: exportPage }));
    return csvResponse(`fills-${scope}.csv`, columns, rows);
  },
});
