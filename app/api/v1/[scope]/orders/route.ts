import { type OrderView, orderFilter, orderView } from '#domain/orders/view.ts';
import { listOrders } from '#db/orders/view.ts';
import { type CsvColumn, csvResponse, everyRow } from '#app/_server/api/csv.ts';
import { route } from '#app/_server/api/route.ts';
import { exportPage, format, pageOf } from '#app/_server/api/schemas.ts';

const columns: readonly CsvColumn<OrderView>[] = [
  { name: 'order_id', value: (row) => row.order_id },
  { name: 'trading_day', value: (row) => row.trading_day },
  { name: 'at', value: (row) => row.at },
  { name: 'ended_at', value: (row) => row.ended_at },
  { name: 'account', value: (row) => row.account },
  { name: 'trader', value: (row) => row.trader },
  { name: 'symbol', value: (row) => row.symbol },
  { name: 'symbol_name', value: (row) => row.symbol_name },
  { name: 'side', value: (row) => row.side },
  { name: 'purpose', value: (row) => row.purpose },
  { name: 'state', value: (row) => row.state },
  { name: 'quantity', value: (row) => row.quantity },
  { name: 'price', value: (row) => row.price },
  { name: 'filled', value: (row) => row.filled },
  { name: 'average_price', value: (row) => row.average_price },
  { name: 'amount', value: (row) => row.amount },
  { name: 'currency', value: (row) => row.currency },
  { name: 'cause', value: (row) => row.cause.code },
  { name: 'reason', value: (row) => row.reason?.code },
];

export const GET = route({
  id: 'listOrders',
  summary: 'List orders',
  description:
    'Newest first. `open=true` lists those that are not over; `state` is repeated or comma-separated; `from` and `to` are trading days. `format=csv` downloads all of them.',
  tag: 'Orders',
  permission: 'orders.view',
  scope: true,
  query: orderFilter.extend({ format }),
  response: { status: 200, schema: pageOf(orderView) },
  async handler({ db, scope, query: { format: wanted, ...filter } }) {
    if (wanted === 'json') return listOrders(db, scope, filter);
    const rows = everyRow((cursor) => listOrders(db, scope, { ...filter, cursor, limit: exportPage }));
    return csvResponse(`orders-${scope}.csv`, columns, rows);
  },
});
