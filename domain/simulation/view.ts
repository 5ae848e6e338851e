import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { brokerFaults } from './config.ts';

/** A simulated market as the API answers it. */
export const simulatedMarketView = z.object({
  calendar: z.string(),
  seed: z.int(),
  symbols: z.int().describe('How many it has.'),
  advanced_to: instantText.describe('Scope time that it has reached.'),
  faults: brokerFaults,
});
export type SimulatedMarketView = z.output<typeof simulatedMarketView>;

export const faultsInput = z.strictObject({ faults: brokerFaults });
