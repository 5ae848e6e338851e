import { randomBytes } from 'node:crypto';

/** Words of a command that runs this JavaScript. */
export function script(code: string): string[] {
  return [process.execPath, '-e', code];
}

/** Prints `count` lines `tick N EPOCH_MS`, one each `everyMs`, and reports its progress. */
export function ticking(count: number, everyMs: number): string[] {
  return script(`
    let n = 0;
    const timer = setInterval(() => {
      n += 1;
      console.log('::progress ' + n + '/${count} ticking');
      console.log('tick ' + n + ' ' + Date.now());
      if (n === ${count}) clearInterval(timer);
    }, ${everyMs});`);
}

/** Prints one line, then works until it is stopped. */
export const endless = script(`console.log('begun'); setInterval(() => undefined, 1000);`);

/** An id no other test has used. */
export function freshId(name: string): string {
  return `${name}-${randomBytes(3).toString('hex')}`;
}
