import { type PositionView, positionFilter, positionsView } from '#domain/ledger/view.ts';
import { listPositions } from '#db/ledger/positions-view.ts';
import { type CsvColumn, csvResponse } from '#app/_server/api/csv.ts';
import { route } from '#app/_server/api/route.ts';
import { format } from '#app/_server/api/schemas.ts';

const columns: readonly CsvColumn<PositionView>[] = [
  { name: 'account', value: (row) => row.account },
  { name: 'symbol', value: (row) => row.symbol },
  { name: 'symbol_name', value: (row) => row.symbol_name },
  { name: 'trader', value: (row) => row.trader },
  { name: 'quantity', value: (row) => row.quantity },
  { name: 'average', value: (row) => row.average },
  { name: 'cost', value: (row) => row.cost },
  { name: 'last', value: (row) => row.last },
  { name: 'value', value: (row) => row.value },
  { name: 'unrealised', value: (row) => row.unrealised },
  { name: 'change', value: (row) => row.change },
  { name: 'stop', value: (row) => row.stop },
  { name: 'target', value: (row) => row.target },
  { name: 'sellable', value: (row) => row.broker?.sellable },
  { name: 'broker_quantity', value: (row) => row.broker?.quantity },
  { name: 'agrees', value: (row) => row.agrees },
  { name: 'currency', value: (row) => row.currency },
];

async function* each<Row>(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows;
}

export const GET = route({
  id: 'listPositions',
  summary: 'List positions',
  description:
    "What is held by our books at the scope's time, with the broker's own figures beside it, and what each account comes to. `format=csv` downloads the positions.",
  tag: 'Orders',
  permission: 'orders.view',
  scope: true,
  query: positionFilter.extend({ format }),
  response: { status: 200, schema: positionsView },
  async handler({ db, scope, query: { format: wanted, ...filter } }) {
    const held = await listPositions(db, scope, filter);
    return wanted === 'json' ? held : csvResponse(`positions-${scope}.csv`, columns, each(held.items));
  },
});
