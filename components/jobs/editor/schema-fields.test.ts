import { expect, test } from 'vitest';
import { z } from 'zod';
import { schemaFields, startingParams } from './schema-fields.ts';

const schema = z.toJSONSchema(
  z.strictObject({
    limit: z.number().int().min(1).max(9).default(3).describe('At most so many'),
    symbols: z.array(z.string()),
    side: z.enum(['buy', 'sell']),
    note: z.string().nullable().optional(),
    weights: z.record(z.string(), z.number()),
    count: z.number().int(),
  }),
  { io: 'input' },
);

test('says each field in a phrase, the needed ones first', () => {
  expect(
    schemaFields(schema).map(({ name, type, required, fallback }) => [name, type, required, fallback]),
  ).toEqual([
    ['symbols', 'string[]', true, null],
    ['side', '"buy" | "sell"', true, null],
    ['weights', 'object', true, null],
    ['count', 'integer', true, null],
    ['limit', 'integer 1–9', false, '3'],
    ['note', 'string | null', false, null],
  ]);
});

test('begins with what is needed and the defaults', () => {
  expect(JSON.parse(startingParams(schema))).toEqual({
    limit: 3,
    symbols: [],
    side: 'buy',
    weights: {},
    count: 0,
  });
  expect(startingParams('no schema')).toBe('{}');
});
