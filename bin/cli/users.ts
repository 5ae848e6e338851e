import { randomBytes } from 'node:crypto';
import { text as readAll } from 'node:stream/consumers';
import { resetPassword } from '#db/access/passwords.ts';
import { findUserId, listUsers } from '#db/access/queries.ts';
import { createUser, disableUser, enableUser, setGrants } from '#db/access/users.ts';
import { perform } from '#db/core/operation.ts';
import type { UserView } from '#domain/access/view.ts';
import { type Command, type CommandContext, UsageError, parseOptions } from './command.ts';
import { columns, grantOptions, grantUsage, grantsFrom, grantsText } from './grants.ts';

const verbs: Readonly<Record<string, (args: readonly string[], context: CommandContext) => Promise<void>>> = {
  create,
  list,
  'set-roles': setRoles,
  'set-password': setPassword,
  disable,
  enable,
};

export const command: Command = {
  summary: 'Makes, lists and disables users, and says what they may do.',
  usage: [
    `create EMAIL [--name NAME] ${grantUsage} [--password-stdin]   prints a generated password`,
    'list [--json]',
    `set-roles EMAIL ${grantUsage}   replaces all roles; none at all with --none`,
    'set-password EMAIL [--password-stdin]   prints a generated password; ends their sign-ins',
    'disable EMAIL',
    'enable EMAIL',
  ],
  async run(args, context) {
    const [verb, ...rest] = args;
    const act = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (act === undefined)
      throw new UsageError(verb === undefined ? 'What about users?' : `users has no "${verb}".`);
    await act(rest, context);
  },
};

function emailIn(positionals: readonly string[]): string {
  const [email] = positionals;
  if (email === undefined) throw new UsageError('Whose? Name the email address.');
  return email;
}

async function idOf(email: string, { database }: CommandContext): Promise<string> {
  const id = await findUserId(database(), email);
  if (id === null) throw new UsageError(`There is no user ${email}.`);
  return id;
}

/** The first line of stdin, or 18 random bytes that are printed as the result. */
async function passwordFrom(stdin: boolean | undefined): Promise<{ password: string; generated: boolean }> {
  if (stdin !== true) return { password: randomBytes(18).toString('base64url'), generated: true };
  const [password = ''] = (await readAll(process.stdin)).split(/\r?\n/);
  return { password, generated: false };
}

async function create(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, {
    ...grantOptions,
    name: { type: 'string' },
    email: { type: 'string' },
    'password-stdin': { type: 'boolean' },
  });
  const email = values.email ?? emailIn(positionals);
  const { password, generated } = await passwordFrom(values['password-stdin']);
  const name = values.name ?? email.split('@')[0];
  const user = await perform(context.database(), context.actor, createUser, null, {
    name,
    email,
    password,
    grants: grantsFrom(values),
  });
  context.say(
    `User ${user.email} made: ${grantsText(user.grants) || 'no roles yet'}.${generated ? ' Their password, shown only now:' : ''}`,
  );
  if (generated) context.print(password);
}

function state(user: UserView): string {
  if (user.disabled_at !== null) return 'disabled';
  return user.is_owner ? 'owner' : 'active';
}

async function list(args: readonly string[], context: CommandContext): Promise<void> {
  const { values } = parseOptions(args, { json: { type: 'boolean' } });
  const users: UserView[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listUsers>> = await listUsers(context.database(), {
      limit: 200,
      cursor: cursor ?? undefined,
    });
    users.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  if (values.json === true) return context.print(JSON.stringify(users, null, 2));
  if (users.length === 0) return context.say('There are no users.');
  context.print(columns(users.map((user) => [user.email, user.name, state(user), grantsText(user.grants)])));
}

async function setRoles(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, { ...grantOptions, none: { type: 'boolean' } });
  const email = emailIn(positionals);
  const grants = grantsFrom(values);
  if ((grants.length === 0) !== (values.none === true))
    throw new UsageError('Name the roles, as in --role operator --scope mock, or --none.');
  const user = await perform(context.database(), context.actor, setGrants, null, {
    user_id: await idOf(email, context),
    grants,
  });
  context.say(`${user.email}: ${grantsText(user.grants) || 'no roles'}.`);
}

async function setPassword(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, { 'password-stdin': { type: 'boolean' } });
  const email = emailIn(positionals);
  const user_id = await idOf(email, context);
  const { password, generated } = await passwordFrom(values['password-stdin']);
  const { sign_ins_ended: ended } = await perform(context.database(), context.actor, resetPassword, null, {
    user_id,
    password,
  });
  context.say(`Password of ${email} set; sign-ins ended: ${ended}.${generated ? ' Shown only now:' : ''}`);
  if (generated) context.print(password);
}

async function disable(args: readonly string[], context: CommandContext): Promise<void> {
  const email = emailIn(parseOptions(args, {}).positionals);
  await perform(context.database(), context.actor, disableUser, null, {
    user_id: await idOf(email, context),
  });
  context.say(`${email} is locked out and their sign-ins have ended.`);
}

async function enable(args: readonly string[], context: CommandContext): Promise<void> {
  const email = emailIn(parseOptions(args, {}).positionals);
  await perform(context.database(), context.actor, enableUser, null, { user_id: await idOf(email, context) });
  context.say(`${email} may sign in again.`);
}
