import { pino, type Logger } from 'pino';
import { readConfig } from '#config';

/** Fields whose values never reach a log, at the top or one and two levels down. */
const secretFields = [
  'password',
  'current_password',
  'new_password',
  'secret',
  'token',
  'key',
  'authorization',
  'cookie',
  'set-cookie',
  'app_key',
  'app_secret',
  'account_no',
  'phone',
];
const paths = secretFields.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);

/** Keys, database passwords and bearer tokens inside text: an error's message may quote what it was given. */
const secretPatterns: readonly (readonly [RegExp, string])[] = [
  [/\bbk_([a-z0-9]{8})_[A-Za-z0-9_-]{20,}/g, 'bk_$1_[hidden]'],
  [/(postgres(?:ql)?:\/\/[^:/\s]+:)[^@\s]+@/g, '$1[hidden]@'],
  // Drizzle quotes the statement's parameters, which may hold anything.
  [/\nparams: [\s\S]*?(?=\n|$)/g, '\nparams: [hidden]'],
  [/(bearer\s+)[\w.~+/-]{12,}=*/gi, '$1[hidden]'],
];

/** Text with keys, tokens and passwords replaced. */
export function withoutSecrets(text: string): string {
  return secretPatterns.reduce((left, [pattern, shown]) => left.replace(pattern, shown), text);
}

const shared = globalThis as typeof globalThis & { bellkeeperWebLog?: Logger };

/** The web process's log: one JSON object a line on stdout. */
export function log(): Logger {
  return (shared.bellkeeperWebLog ??= pino({
    level: readConfig().logLevel,
    base: { part: 'web' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths, censor: '[hidden]' },
  }));
}

/** What a log keeps of an error: its chain of messages and the stack, without secrets. */
export function errorFields(error: unknown): { error: string; stack?: string } {
  if (!(error instanceof Error)) return { error: withoutSecrets(String(error)) };
  const chain: string[] = [];
  for (let at: unknown = error; at instanceof Error && chain.length < 5; at = at.cause)
    chain.push(`${at.name}: ${at.message}`);
  return {
    error: withoutSecrets(chain.join(' <- ')),
    ...(error.stack === undefined ? {} : { stack: withoutSecrets(error.stack) }),
  };
}
