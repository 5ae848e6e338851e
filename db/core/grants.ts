/** Tables whose rows only the worker may read; the web role gets no right on them. */
export const secretTables: readonly string[] = [];

/** graphile-worker guards its tables row by row; only their owner passes without a policy of its own. */
const graphilePolicies = `do $$
declare guarded regclass;
begin
  for guarded in
    select oid from pg_class where relnamespace = 'graphile_worker'::regnamespace and relrowsecurity
  loop
    execute format('drop policy if exists bellkeeper_worker on %s', guarded);
    execute format(
      'create policy bellkeeper_worker on %s to bellkeeper_worker using (true) with check (true)', guarded);
  end loop;
end $$`;

/**
 * The rights of the login roles that exist here. The worker also runs graphile-worker and ends backends of its own;
 * the web process neither dispatches nor reads secrets. Audit rows are append-only for both.
 */
export function grantStatements(roles: ReadonlySet<string>): string[] {
  const statements: string[] = [];
  for (const role of ['bellkeeper_web', 'bellkeeper_worker']) {
    if (!roles.has(role)) continue;
    statements.push(
      `grant usage on schema public to ${role}`,
      `grant select, insert, update, delete on all tables in schema public to ${role}`,
      `grant usage, select on all sequences in schema public to ${role}`,
      `grant execute on all functions in schema public to ${role}`,
      `revoke update, delete, truncate on audit, ledger_entries from ${role}`,
    );
  }
  if (roles.has('bellkeeper_web')) {
    statements.push(...secretTables.map((table) => `revoke all on ${table} from bellkeeper_web`));
    statements.push('revoke execute on function drop_partitions_of(text, date) from bellkeeper_web');
  }
  if (roles.has('bellkeeper_worker')) {
    statements.push(
      'grant usage on schema graphile_worker to bellkeeper_worker',
      'grant select, insert, update, delete on all tables in schema graphile_worker to bellkeeper_worker',
      'grant usage, select on all sequences in schema graphile_worker to bellkeeper_worker',
      'grant execute on all functions in schema graphile_worker to bellkeeper_worker',
      graphilePolicies,
    );
  }
  return statements;
}
