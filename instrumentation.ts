/** Runs once per server, before the first request. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const { onServerStart } = await import('#app/_server/start.ts');
  onServerStart();
}
