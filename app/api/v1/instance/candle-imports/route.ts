import { candleImportRequest } from '#domain/market/import-request.ts';
import { candleImportResult, candleImportView } from '#domain/market/view.ts';
import { importLimits } from '#db/market/import/limits.ts';
import { importCandles } from '#db/market/import/operation.ts';
import { listImports } from '#db/market/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { pageQuery, pageSchema } from '#app/_server/auth-page.ts';
import { mayReadSource, requireMarketReader } from '#app/_server/market.ts';

export const GET = route({
  id: 'listCandleImports',
  summary: 'Imports of candle files',
  description: 'Newest first, refused ones too, each with its first bad lines.',
  tag: 'Market',
  permission: 'signed-in',
  scope: false,
  query: pageQuery,
  response: { status: 200, schema: pageSchema(candleImportView) },
  async handler({ db, actor, query }) {
    await requireMarketReader(db, actor);
    const page = await listImports(db, query);
    return { ...page, items: page.items.filter(({ source }) => mayReadSource(actor, source)) };
  },
});

export const POST = route({
  id: 'importCandles',
  summary: 'Import a candle file',
  description: `The body is the file: CSV (UTF-8, UTF-16 or CP949) or Parquet, plain or gzip, at most ${importLimits.fileBytes / 1_048_576} MiB. All of it or nothing, unless bad lines are skipped: a file with bad lines is answered with \`state: "refused"\` and each of them. The same file again adds and changes nothing.`,
  tag: 'Market',
  permission: 'settings.manage',
  scope: false,
  query: candleImportRequest,
  bytes: {
    max: importLimits.fileBytes,
    types: ['text/csv', 'application/vnd.apache.parquet', 'application/gzip'],
  },
  response: { status: 200, schema: candleImportResult },
  handler: ({ request, body, perform }) =>
    perform(importCandles, { ...Object.fromEntries(new URL(request.url).searchParams), bytes: body }),
});
