import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinLine, shellOnly, splitLine } from '#components/jobs/editor/argv.ts';

describe('a command line', () => {
  it('splits as a shell would', () => {
    expect(splitLine(`python3  run.py --name "a b" 'c "d"' e\\ f ""`)).toEqual({
      ok: true,
      argv: ['python3', 'run.py', '--name', 'a b', 'c "d"', 'e f', ''],
    });
    expect(splitLine('')).toEqual({ ok: true, argv: [] });
  });

  it('names what is left open', () => {
    expect(splitLine(`echo "a`)).toEqual({ ok: false, code: 'open_quote' });
    expect(splitLine('echo \\')).toEqual({ ok: false, code: 'open_escape' });
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (argv) => {
        expect(splitLine(joinLine(argv))).toEqual({ ok: true, argv });
      }),
    );
  });

  it('finds what only a shell understands', () => {
    expect(shellOnly(['cat', '*.csv', '|', 'grep', '$HOME', '--x=1'])).toEqual(['*.csv', '|', '$HOME']);
  });
});
