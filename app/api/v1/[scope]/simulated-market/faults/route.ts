import { faultsInput, simulatedMarketView } from '#domain/simulation/view.ts';
import { setSimulatedFaults } from '#db/simulated/settings.ts';
import { route } from '#app/_server/api/route.ts';

export const POST = route({
  id: 'setSimulatedFaults',
  summary: 'Make the simulated broker fail',
  description:
    'Replaces its faults from now on: lost replies with and without booking, errors, rejects, rate limits, late lists and fills. What is left out is off. Never in a real scope.',
  tag: 'Market',
  permission: 'traders.control',
  scope: true,
  rawBody: faultsInput,
  example: { faults: { planned: [{ kind: 'lost_after', on: 'place' }] } },
  response: { status: 200, schema: simulatedMarketView },
  handler: ({ body, perform }) => perform(setSimulatedFaults, body),
});
