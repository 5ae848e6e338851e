import { ledgerRecorded, ledgerRequest } from '#domain/ledger/requests.ts';
import { type EntryView, entryFilter, entryView } from '#domain/ledger/view.ts';
import { adjustBook, recordDeposit, recordWithdrawal } from '#db/ledger/operations.ts';
import { listEntries } from '#db/ledger/view.ts';
import { type CsvColumn, csvResponse, everyRow } from '#app/_server/api/csv.ts';
import { route } from '#app/_server/api/route.ts';
import { exportPage, format, pageOf } from '#app/_server/api/schemas.ts';

const columns: readonly CsvColumn<EntryView>[] = [
  { name: 'account', value: (row) => row.account },
  { name: 'seq', value: (row) => row.seq },
  { name: 'entry_id', value: (row) => row.entry_id },
  { name: 'kind', value: (row) => row.kind },
  { name: 'at', value: (row) => row.at },
  { name: 'trading_day', value: (row) => row.trading_day },
  { name: 'settles_on', value: (row) => row.settles_on },
  { name: 'trader', value: (row) => row.trader },
  { name: 'order_id', value: (row) => row.order_id },
  { name: 'symbol', value: (row) => row.symbol },
  { name: 'side', value: (row) => row.side },
  { name: 'quantity', value: (row) => row.quantity },
  { name: 'amount', value: (row) => row.amount },
  { name: 'cash', value: (row) => row.cash },
  { name: 'cost', value: (row) => row.cost },
  { name: 'currency', value: (row) => row.currency },
  { name: 'actor', value: (row) => row.actor },
  { name: 'reason', value: (row) => row.reason },
];

export const GET = route({
  id: 'listLedger',
  summary: 'List the ledger',
  description:
    'Newest first: fills, fees, taxes, deposits, withdrawals, dividends, splits and adjustments. Lines are only ever added. `format=csv` downloads all of them.',
  tag: 'Orders',
  permission: 'orders.view',
  scope: true,
  query: entryFilter.extend({ format }),
  response: { status: 200, schema: pageOf(entryView) },
  async handler({ db, scope, query: { format: wanted, ...filter } }) {
    if (wanted === 'json') return listEntries(db, scope, filter);
    const rows = everyRow((cursor) => listEntries(db, scope, { ...filter, cursor, limit: exportPage }));
    return csvResponse(`ledger-${scope}.csv`, columns, rows);
  },
});

export const POST = route({
  id: 'recordLedgerEntry',
  summary: 'Add a line to an account’s book',
  description:
    'A deposit, a withdrawal, or an adjustment with its reason. It moves no money: it says what the broker’s statement says. What stands in the book stays; a mistake is put right by an adjustment.',
  tag: 'Orders',
  permission: 'orders.control',
  scope: true,
  body: ledgerRequest,
  example: { kind: 'deposit', account: 'paper', amount: '10000000', reason: 'Transfer of 20 November.' },
  response: { status: 200, schema: ledgerRecorded },
  async handler({ body, perform }) {
    const { kind, ...input } = body;
    if (kind === 'adjustment') return perform(adjustBook, input);
    return perform(kind === 'deposit' ? recordDeposit : recordWithdrawal, input);
  },
});
