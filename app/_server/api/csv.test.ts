import { describe, expect, it } from 'vitest';
import { csvCell, csvResponse, everyRow } from '#app/_server/api/csv.ts';

describe('csvCell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['@cmd', "'@cmd"],
    ['\t=1', "'\t=1"],
    [' +SUM(A1)', "' +SUM(A1)"],
    ['-20000', '-20000'],
    ['+0.5', '+0.5'],
    ['-1|calc', "'-1|calc"],
    ['say "so", then', '"say ""so"", then"'],
    ['two\nlines', '"two\nlines"'],
    [null, ''],
    [0, '0'],
    [false, 'false'],
  ])('%j -> %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

describe('csvResponse', () => {
  it('writes every page, and begins with the mark that spreadsheets read UTF-8 by', async () => {
    const pages = [
      { items: [{ name: '삼성전자', pnl: '-100' }], next_cursor: 'b' },
      { items: [{ name: '=x', pnl: '3' }], next_cursor: null },
    ];
    let asked = 0;
    const rows = everyRow(async () => pages[asked++] ?? { items: [], next_cursor: null });
    const response = csvResponse(
      'fills mock/today.csv',
      [
        { name: 'name', value: (row) => row.name },
        { name: 'pnl', value: (row) => row.pnl },
      ],
      rows,
    );
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(Array.from(bytes.slice(0, 3))).toEqual([0xef, 0xbb, 0xbf]);
    expect(new TextDecoder().decode(bytes)).toBe("name,pnl\r\n삼성전자,-100\r\n'=x,3\r\n");
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="fills_mock_today.csv"');
  });

  it('holds no more than it sends', async () => {
    let made = 0;
    async function* rows() {
      for (; made < 100_000; made += 1) yield { n: made };
    }
    const reader = csvResponse('n.csv', [{ name: 'n', value: (row) => row.n }], rows()).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(made).toBeLessThan(20_000);
  });
});
