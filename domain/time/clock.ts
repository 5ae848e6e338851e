/** The clock of a scope. Wall scopes follow the database's clock; simulated ones are moved by the leader. */
export type ScopeClock = { readonly kind: 'wall' } | { readonly kind: 'simulated'; readonly at: Date };

/** The scope's time, given the database's. */
export function scopeNow(clock: ScopeClock, databaseNow: Date): Date {
  return clock.kind === 'wall' ? databaseNow : clock.at;
}
