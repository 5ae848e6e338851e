import { listScopes } from '#db/scopes/queries.ts';
import { type CommandContext, UsageError } from './command.ts';

export const scopeOption = { scope: { type: 'string', short: 's' } } as const;

async function known({ database }: CommandContext): Promise<string[]> {
  return (await listScopes(database())).map(({ name }) => name);
}

/**
 * The scope a command acts in: named, or the only one of SCHEDULER_SCOPE. Never guessed.
 * @throws UsageError when there is none, or none of that name.
 */
export async function scopeFor(context: CommandContext, given: string | undefined): Promise<string> {
  const bound = context.config.scopes;
  const name = given ?? (bound?.length === 1 ? bound[0] : undefined);
  const names = await known(context);
  if (name === undefined) throw new UsageError(`In which scope? --scope ${names.join(' | ')}`);
  if (!names.includes(name)) throw new UsageError(`There is no scope "${name}". Known: ${names.join(', ')}.`);
  return name;
}

/** The scopes a command reads: the named one, or all. @throws UsageError for an unknown one. */
export async function scopesToRead(context: CommandContext, given: string | undefined): Promise<string[]> {
  return given === undefined ? known(context) : [await scopeFor(context, given)];
}
