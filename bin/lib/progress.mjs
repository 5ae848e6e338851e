const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Elapsed time for people: `0.4 s`, `12 s`, `2 min 05 s`. */
export function elapsed(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/**
 * Progress on a stream: one calm line per step with its time. In a terminal the current step spins; elsewhere a step
 * that takes long says every ten seconds what it is doing.
 * @param {NodeJS.WritableStream & { isTTY?: boolean, columns?: number }} out
 */
export function createProgress(out = process.stdout) {
  const live = out.isTTY && process.env.CI === undefined && process.env.TERM !== 'dumb';
  // A terminal that went away must not break the orderly stop its hang-up asks for.
  for (const stream of new Set([out, process.stderr])) stream.on('error', () => undefined);
  const write = (text) => out.write(text);
  const fit = (text) => (out.columns ? text.slice(0, Math.max(20, out.columns - 1)) : text);

  return {
    say: (text) => write(`${text}\n`),
    /**
     * @param {string} title what happens: "Installing packages"
     * @param {(note: (detail: string) => void) => Promise<T>} work `note` sets the detail shown beside the title
     * @returns {Promise<T>} @template T
     */
    async step(title, work) {
      const begin = performance.now();
      let detail = '';
      let frame = 0;
      let said = 0;
      const tick = () => {
        const passed = performance.now() - begin;
        const suffix = detail === '' ? '' : ` · ${detail}`;
        if (live)
          write(
            `\r\u001b[2K${fit(`${frames[frame++ % frames.length]} ${title} ${elapsed(passed)}${suffix}`)}`,
          );
        else if (passed >= Math.max(1000, said * 10_000)) {
          write(said === 0 ? `… ${title}\n` : `… ${title}: ${elapsed(passed)}${suffix}\n`);
          said++;
        }
      };
      const timer = setInterval(tick, live ? 100 : 500);
      const end = (mark) => {
        clearInterval(timer);
        write(`${live ? '\r\u001b[2K' : ''}${mark} ${title} (${elapsed(performance.now() - begin)})\n`);
      };
      try {
        const result = await work((text) => (detail = text));
        end('✓');
        return result;
      } catch (error) {
        end('✗');
        throw error;
      }
    },
  };
}
