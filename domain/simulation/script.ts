import type { ScriptLine } from './config.ts';

type Pin = Extract<ScriptLine, { price: number }>;

/** A symbol's lines by time. */
export interface Script {
  readonly at: readonly number[];
  readonly lines: readonly ScriptLine[];
}

export const noScript: Script = { at: [], lines: [] };

/** The lines of each symbol, oldest first; of two at one time the later one in the list holds. */
export function scripts(lines: readonly ScriptLine[]): ReadonlyMap<string, Script> {
  const bySymbol = new Map<string, ScriptLine[]>();
  for (const line of lines) {
    const own = bySymbol.get(line.symbol);
    if (own === undefined) bySymbol.set(line.symbol, [line]);
    else own.push(line);
  }
  return new Map(
    [...bySymbol].map(([symbol, own]) => {
      const sorted = own.map((line) => ({ line, at: Date.parse(line.at) })).sort((a, b) => a.at - b.at);
      return [symbol, { at: sorted.map(({ at }) => at), lines: sorted.map(({ line }) => line) }];
    }),
  );
}

/** The line that holds a symbol at an instant; null while it goes by itself. */
export function pinned(script: Script, at: number): Pin | null {
  let index = script.at.length - 1;
  while (index >= 0 && (script.at[index] ?? 0) > at) index -= 1;
  const line = script.lines[index];
  return line === undefined || !('price' in line) ? null : line;
}
