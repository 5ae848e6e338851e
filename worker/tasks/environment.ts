/** Variables of ours that no code of a desk may see. */
const ours = /^(BELLKEEPER_|DATABASE_URL|PG[A-Z]+$)/;

/** This process's environment without addresses and secrets of ours. */
export function outsideEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of Object.keys(env)) if (ours.test(name)) Reflect.deleteProperty(env, name);
  return env;
}
