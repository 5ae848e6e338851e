import { createKey, revokeKey } from '#db/access/keys.ts';
import { listKeys } from '#db/access/queries.ts';
import { perform } from '#db/core/operation.ts';
import type { KeyView } from '#domain/access/view.ts';
import { type Command, type CommandContext, UsageError, parseOptions } from './command.ts';
import { columns, grantOptions, grantUsage, grantsFrom, grantsText } from './grants.ts';

export const command: Command = {
  summary: 'Makes, lists and revokes API keys.',
  usage: [
    `create ${grantUsage} [--name NAME] [--expires 90d|DATE]   prints only the key`,
    'list [--json]',
    'revoke ID|PREFIX',
  ],
  async run(args, context) {
    const [verb, ...rest] = args;
    if (verb === 'create') return create(rest, context);
    if (verb === 'list') return list(rest, context);
    if (verb === 'revoke') return revoke(rest, context);
    throw new UsageError(verb === undefined ? 'What about keys?' : `keys has no "${verb}".`);
  },
};

/** `90d`, `12h`, or anything with a time zone that Date reads, as an RFC 3339 instant. */
function expiry(text: string): string {
  const [, amount, unit] = /^(\d+)([hd])$/.exec(text) ?? [];
  const hours = unit === undefined ? null : Number(amount) * (unit === 'd' ? 24 : 1);
  const at = hours === null ? new Date(text) : new Date(Date.now() + hours * 3_600_000);
  if (Number.isNaN(at.getTime()))
    throw new UsageError(`--expires ${text} is no time: 90d, 12h or 2030-01-31T00:00:00+09:00.`);
  return at.toISOString();
}

async function create(
  args: readonly string[],
  { actor, database, print, say }: CommandContext,
): Promise<void> {
  const { values } = parseOptions(args, {
    ...grantOptions,
    name: { type: 'string' },
    expires: { type: 'string' },
  });
  const grants = grantsFrom(values);
  if (grants.length === 0) throw new UsageError('Name what the key may do: --role operator --scope mock.');
  const created = await perform(database(), actor, createKey, null, {
    name: values.name ?? grantsText(grants),
    grants,
    expires_at: values.expires === undefined ? null : expiry(values.expires),
  });
  say(`Key ${created.prefix}… made for ${grantsText(created.grants)}. It is shown only now:`);
  print(created.key);
}

async function every({ database }: CommandContext): Promise<KeyView[]> {
  const keys: KeyView[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await listKeys(database(), { limit: 200, cursor });
    keys.push(...page.items);
    if (page.next_cursor === null) return keys;
    cursor = page.next_cursor;
  }
}

async function list(args: readonly string[], context: CommandContext): Promise<void> {
  const { values } = parseOptions(args, { json: { type: 'boolean' } });
  const keys = await every(context);
  if (values.json === true) return context.print(JSON.stringify(keys, null, 2));
  if (keys.length === 0) return context.say('There are no keys.');
  context.print(
    columns(
      keys.map((key) => [
        key.prefix,
        key.state,
        key.name,
        grantsText(key.grants),
        key.expires_at ?? 'no expiry',
        key.last_used_at ?? 'never used',
      ]),
    ),
  );
}

async function revoke(args: readonly string[], context: CommandContext): Promise<void> {
  const { positionals } = parseOptions(args, {});
  const [wanted] = positionals;
  if (wanted === undefined) throw new UsageError('Which key? Its prefix or id, from: keys list.');
  const key = (await every(context)).find((known) => known.id === wanted || known.prefix === wanted);
  const revoked = await perform(context.database(), context.actor, revokeKey, null, {
    key_id: key?.id ?? wanted,
  });
  context.say(`Key ${revoked.prefix}… (${revoked.name}) no longer works.`);
}
