import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Actor } from '#domain/access/access.ts';
import { type Config, readConfig } from '#config';
import { type Database, connect } from '#db/core/client.ts';
import { databaseUrls } from '../lib/database.mjs';
import { loadEnv } from '../lib/env.mjs';
import { homeOf } from '../lib/paths.mjs';

/** A mistake in how a command was called: printed with the command's usage, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What a command has in hand. Results go to stdout, everything said about them to stderr. */
export interface CommandContext {
  readonly config: Config;
  /** Who acts in the audit log: whoever holds this machine. */
  readonly actor: Actor;
  /** The database, opened at first use as the owner of the tables; closed when the command ends. */
  readonly database: () => Database;
  readonly print: (text: string) => void;
  readonly say: (text: string) => void;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Arguments and options, one form per line. */
  readonly usage: readonly string[];
  run(args: readonly string[], context: CommandContext): Promise<void>;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses a command's arguments. @throws UsageError for an unknown option or a missing value. */
export function parseOptions<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The context of one call of the program. `close` ends the database connections, where any were opened. */
export function openContext(): CommandContext & { close(): Promise<void> } {
  const env = loadEnv();
  const config = readConfig({ ...env, ...databaseUrls(env, homeOf(env)) });
  let database: Database | null = null;
  return {
    config,
    actor: { kind: 'system', id: 'cli', name: 'command line' },
    database: () =>
      (database ??= connect(config.databaseUrl('owner'), { max: 2, applicationName: 'bellkeeper:cli' })),
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (text) => void process.stderr.write(`${text}\n`),
    close: async () => database?.$client.end({ timeout: 5 }),
  };
}
