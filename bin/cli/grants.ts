import { type Grant, role } from '#domain/access/access.ts';
import { UsageError } from './command.ts';

export const grantOptions = {
  role: { type: 'string', multiple: true },
  scope: { type: 'string', multiple: true },
  grant: { type: 'string', multiple: true },
} as const;

export const grantUsage = '--role ROLE --scope SCOPE|all | --grant ROLE@SCOPE …';

interface GrantValues {
  readonly role?: readonly string[] | undefined;
  readonly scope?: readonly string[] | undefined;
  readonly grant?: readonly string[] | undefined;
}

function split(values: readonly string[] | undefined): string[] {
  return (values ?? [])
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter(Boolean);
}

function toGrant(roleName: string, scope: string): Grant {
  const parsed = role.safeParse(roleName);
  if (!parsed.success) throw new UsageError(`There is no role "${roleName}": ${role.options.join(', ')}.`);
  return { role: parsed.data, scope: scope === 'all' ? '*' : scope };
}

/** Every role named in every scope named, and the pairs of --grant. @throws UsageError for half a pair. */
export function grantsFrom(values: GrantValues): Grant[] {
  const [roles, scopes] = [split(values.role), split(values.scope)];
  if ((roles.length === 0) !== (scopes.length === 0))
    throw new UsageError('--role and --scope go together: --role operator --scope mock.');
  const pairs = split(values.grant).map((pair) => {
    const [roleName = '', scope, ...rest] = pair.split('@');
    if (scope === undefined || scope === '' || rest.length > 0)
      throw new UsageError(`--grant ${pair} is no ROLE@SCOPE, as in operator@mock.`);
    return toGrant(roleName, scope);
  });
  return [...roles.flatMap((roleName) => scopes.map((scope) => toGrant(roleName, scope))), ...pairs];
}

/** `operator@mock viewer@*` */
export function grantsText(grants: readonly Grant[]): string {
  return grants.map((held) => `${held.role}@${held.scope}`).join(' ');
}

/** Rows as aligned columns, one line each. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
