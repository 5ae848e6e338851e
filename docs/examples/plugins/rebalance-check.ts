import { Failure, task, z } from 'bellkeeper';

/** Compares target weights with what a broker report says is held, and fails when they have drifted apart. */
export default task({
  name: 'rebalance-check',
  description: 'Fails when a holding drifts from its target weight',
  params: z.strictObject({
    report: z.url().describe('Answers {"weights": {"005930": 0.4, …}}'),
    targets: z.record(z.string(), z.number().min(0).max(1)).describe('Weight by symbol'),
    tolerance: z.number().min(0).max(1).default(0.02),
  }),
  async run({ run, signal, log, progress }, { report, targets, tolerance }) {
    const answer = await fetch(report, { signal, headers: { 'Idempotency-Key': run.run_id } });
    if (!answer.ok) throw new Failure(`the report answers ${answer.status}`); // retried as the job says
    const { weights } = z.object({ weights: z.record(z.string(), z.number()) }).parse(await answer.json());

    const symbols = Object.keys(targets);
    const drifted: string[] = [];
    for (const [index, symbol] of symbols.entries()) {
      const drift = (weights[symbol] ?? 0) - (targets[symbol] ?? 0);
      await log(`${run.trading_day} ${symbol} ${drift >= 0 ? '+' : ''}${(drift * 100).toFixed(2)} %p`);
      if (Math.abs(drift) > tolerance) drifted.push(symbol);
      progress(index + 1, symbols.length, symbol);
    }
    if (drifted.length > 0) throw new Failure(`drifted: ${drifted.join(', ')}`, { retry: false });
    return { next_delay_sec: 600 }; // queue mode: when to look again
  },
});
