import { z } from 'zod';

/** A setting that cannot be used: names the variable, its value and the way out. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

export type DatabaseRole = 'owner' | 'web' | 'worker';

const text = z.string().trim().min(1);
const isTrue = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const port = z.coerce.number().int().min(1).max(65_535);
const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const timeZone = z.string().refine(isTimeZone);
const scopeName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/);
const scopeList = z
  .string()
  .transform((value) =>
    value
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  )
  .pipe(z.array(scopeName).min(1));
const compatList = z.string().transform((value, context) =>
  value.split(',').map((pair) => {
    const [scope = '', number = '', ...rest] = pair.trim().split(':');
    const port = Number(number);
    const good = scopeName.safeParse(scope).success && /^\d{4,5}$/.test(number) && rest.length === 0;
    if (!good || port < 1_024 || port > 65_535) context.addIssue('not scope:port');
    return { scope, port };
  }),
);
const databaseUrl = z.url({ protocol: /^postgres(ql)?$/ });
const origin = z
  .url({ protocol: /^https?$/ })
  .transform((value) => new URL(value))
  .refine((url) => url.pathname === '/' && url.search === '' && url.hash === '')
  .transform((url) => url.origin);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Every variable the program reads: how it is parsed, and what to write instead of a value that does not parse. */
const variables = {
  PORT: { parse: port, default: '3000', hint: 'a port from 1 to 65535, as in PORT=3001' },
  HOST: {
    parse: text,
    default: '127.0.0.1',
    hint: 'an address of this machine; 0.0.0.0 serves every interface',
  },
  BELLKEEPER_URL: {
    parse: origin,
    hint: 'the origin people type, without a path, as in https://desk.example.com',
  },
  BELLKEEPER_TRUST_PROXY: {
    parse: isTrue,
    default: 'false',
    hint: 'true only behind a proxy that sets X-Forwarded-For, else false',
  },
  BELLKEEPER_COMPAT: {
    parse: compatList,
    hint: 'scope:port pairs with commas, ports from 1024 to 65535, as in real:8095,mock:9095',
  },
  BELLKEEPER_HOME: { parse: text, default: '.bellkeeper', hint: 'a folder for data, secrets and logs' },
  BELLKEEPER_PLUGINS: { parse: text, hint: 'a folder of plug-in files' },
  BELLKEEPER_SECRET: {
    parse: z.string().min(24),
    hint: 'at least 24 random characters, as from: openssl rand -base64 32',
  },
  BELLKEEPER_OWNER_EMAIL: { parse: z.email(), hint: 'an email address, as in owner@example.com' },
  BELLKEEPER_OWNER_PASSWORD: {
    parse: z.string().min(12).max(128),
    hint: 'a password of 12 to 128 characters',
    secret: true,
  },
  BELLKEEPER_LOCALE: { parse: z.enum(['ko', 'en']), default: 'ko', hint: 'ko or en' },
  DATABASE_URL: {
    parse: databaseUrl,
    hint: 'postgres://user:password@host:5432/database (PostgreSQL 15 or newer)',
    secret: true,
  },
  DATABASE_URL_WEB: { parse: databaseUrl, hint: 'postgres://user:password@host:5432/database', secret: true },
  DATABASE_URL_WORKER: {
    parse: databaseUrl,
    hint: 'postgres://user:password@host:5432/database',
    secret: true,
  },
  SCHEDULER_TIMEZONE: { parse: timeZone, default: 'Asia/Seoul', hint: 'an IANA time zone, as in Asia/Seoul' },
  SCHEDULER_SCOPE: {
    parse: scopeList,
    hint: 'scope names with commas, as in real or real,mock; empty for all',
  },
  SCHEDULER_RUN_IMMEDIATELY: { parse: isTrue, default: 'false', hint: 'true or false' },
  WORKER_CONCURRENCY: {
    parse: count(1, 200),
    default: '32',
    hint: 'how many runs one worker executes at once, 1 to 200',
  },
  WORKER_LANE: {
    parse: z.enum(['live', 'lab']),
    default: 'live',
    hint: 'live, or lab for backtests and rehearsals',
  },
  LOG_LEVEL: {
    parse: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']),
    default: 'info',
    hint: 'trace, debug, info, warn, error or fatal',
  },
} as const satisfies Record<string, Variable>;

interface Variable {
  readonly parse: z.ZodType;
  readonly default?: string;
  readonly hint: string;
  /** Never shown, not even in the message about a bad value. */
  readonly secret?: boolean;
}
type Name = keyof typeof variables;
type Parsed<N extends Name> =
  | z.output<(typeof variables)[N]['parse']>
  | ((typeof variables)[N] extends { readonly default: string } ? never : null);

/** Names of all variables, for `.env.example` and its test. */
export const variableNames = Object.keys(variables) as readonly Name[];

export interface CompatListener {
  readonly scope: string;
  readonly port: number;
}

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Public origin, as people type it. */
  readonly url: string;
  /** Origins a browser's request may come from: the public one and, on this machine, its other spelling. */
  readonly origins: readonly string[];
  /** Whether the last entry of X-Forwarded-For is the client's address. */
  readonly trustProxy: boolean;
  /** Listeners without keys on the loopback interface that serve one scope's plain `/jobs` paths. */
  readonly compat: readonly CompatListener[];
  readonly home: string;
  /** The folder of plug-ins; null: `plugins` in the data folder. */
  readonly plugins: string | null;
  /** Signs sessions and links; the launcher makes one per data folder. Null where none was given. */
  readonly secret: string | null;
  readonly ownerEmail: string | null;
  readonly ownerPassword: string | null;
  /** Language for people who have not chosen one and whose browser asks for neither. */
  readonly locale: 'ko' | 'en';
  readonly timeZone: string;
  /** Scopes a worker of this process is bound to; null: all. */
  readonly scopes: readonly string[] | null;
  /** Fires each enabled scheduled job of this process's scopes once at start. Refused in `real`. */
  readonly runImmediately: boolean;
  readonly workerConcurrency: number;
  /** The lane a worker serves: `lab` work never runs in the desk's processes. */
  readonly workerLane: 'live' | 'lab';
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  /** Connection URL of a role; one DATABASE_URL alone serves all. @throws ConfigError when there is none. */
  databaseUrl(role: DatabaseRole): string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the environment; an empty value counts as absent.
 * @throws ConfigError naming the first variable that cannot be used, and the way out.
 */
export function readConfig(env: Environment = process.env): Config {
  const get = <N extends Name>(name: N): Parsed<N> => parseVariable(env, name);
  const serverPort = get('PORT');
  const url = get('BELLKEEPER_URL') ?? `http://127.0.0.1:${serverPort}`;
  const scopes = get('SCHEDULER_SCOPE');
  const runImmediately = get('SCHEDULER_RUN_IMMEDIATELY');
  if (runImmediately && (scopes === null || scopes.includes('real'))) {
    throw new ConfigError(
      'SCHEDULER_RUN_IMMEDIATELY=true would fire every job of the scope real at once, which is refused. Set SCHEDULER_SCOPE to other scopes, as in SCHEDULER_SCOPE=mock, or unset it.',
    );
  }
  const urls = {
    owner: get('DATABASE_URL'),
    web: get('DATABASE_URL_WEB'),
    worker: get('DATABASE_URL_WORKER'),
  };
  return {
    port: serverPort,
    host: get('HOST'),
    url,
    origins: [...new Set([url, `http://127.0.0.1:${serverPort}`, `http://localhost:${serverPort}`])],
    trustProxy: get('BELLKEEPER_TRUST_PROXY'),
    compat: checkedCompat(get('BELLKEEPER_COMPAT') ?? [], serverPort),
    home: get('BELLKEEPER_HOME'),
    plugins: get('BELLKEEPER_PLUGINS'),
    secret: get('BELLKEEPER_SECRET'),
    ownerEmail: get('BELLKEEPER_OWNER_EMAIL'),
    ownerPassword: get('BELLKEEPER_OWNER_PASSWORD'),
    locale: get('BELLKEEPER_LOCALE'),
    timeZone: get('SCHEDULER_TIMEZONE'),
    scopes,
    runImmediately,
    workerConcurrency: get('WORKER_CONCURRENCY'),
    workerLane: get('WORKER_LANE'),
    logLevel: get('LOG_LEVEL'),
    databaseUrl: (role) => urls[role] ?? urls.owner ?? missingDatabase(role),
  };
}

function parseVariable<N extends Name>(env: Environment, name: N): Parsed<N> {
  const variable: Variable = variables[name];
  const given = env[name]?.trim();
  const value = given === undefined || given === '' ? variable.default : given;
  if (value === undefined) return null as Parsed<N>;
  const parsed = variable.parse.safeParse(value);
  if (!parsed.success) {
    throw new ConfigError(
      `${name}=${variable.secret ? '(hidden)' : value} cannot be used. Expected: ${variable.hint}.`,
    );
  }
  return parsed.data as Parsed<N>;
}

/** @throws ConfigError for a port or a scope that stands twice, or the console's own port. */
function checkedCompat(listeners: readonly CompatListener[], serverPort: number): readonly CompatListener[] {
  for (const [at, { scope, port }] of listeners.entries()) {
    const before = listeners.slice(0, at);
    if (port === serverPort)
      throw new ConfigError(
        `BELLKEEPER_COMPAT gives ${scope} the port ${port}, which is PORT's: choose another.`,
      );
    if (before.some((other) => other.port === port))
      throw new ConfigError(
        `BELLKEEPER_COMPAT names the port ${port} twice: each scope needs a port of its own.`,
      );
    if (before.some((other) => other.scope === scope))
      throw new ConfigError(`BELLKEEPER_COMPAT names the scope ${scope} twice: give it one port.`);
  }
  return listeners;
}

function missingDatabase(role: DatabaseRole): never {
  const name = role === 'owner' ? 'DATABASE_URL' : `DATABASE_URL_${role.toUpperCase()} (or DATABASE_URL)`;
  throw new ConfigError(
    `${name} is not set. Set it to postgres://user:password@host:5432/database, or start with npm start, which brings its own PostgreSQL.`,
  );
}
