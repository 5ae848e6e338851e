import { Problem } from '#domain/core/errors.ts';
import { ConfigError } from '#config';
import { type Command, UsageError, openContext } from './command.ts';

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** Every command by its first word; its module is loaded only when it is called. */
const commands: Readonly<Record<string, Entry>> = {
  health: { summary: 'whether everything runs; exit code 0 when it does', load: () => import('./health.ts') },
  import: { summary: 'registers the jobs of a file, brings in candles', load: () => import('./import.ts') },
  jobs: { summary: 'lists, shows, runs and pauses jobs', load: () => import('./jobs.ts') },
  keys: { summary: 'makes, lists and revokes API keys', load: () => import('./keys.ts') },
  owner: { summary: 'creates the owner from the environment', load: () => import('./owner.ts') },
  runs: { summary: 'lists runs, their logs and what can be done with them', load: () => import('./runs.ts') },
  users: { summary: 'makes, lists and disables users', load: () => import('./users.ts') },
  'setup-link': {
    summary: 'prints a one-time link that creates the owner',
    load: () => import('./setup-link.ts'),
  },
};

const exitCodes = { failed: 1, usage: 2 } as const;

function help(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`);
  return [
    'Usage: npm run cli -- <command> [options]',
    '',
    ...lines,
    '',
    'npm run cli -- <command> --help tells more.',
  ].join('\n');
}

function usageOf(name: string, command: Command): string {
  return [
    command.summary,
    '',
    ...command.usage.map((form) => `  npm run cli -- ${name}${form === '' ? '' : ` ${form}`}`),
  ].join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args;
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    const asked = name === 'help' || name === '--help' || name === '-h';
    if (!asked) process.stderr.write(`There is no command "${name}".\n\n`);
    (asked ? process.stdout : process.stderr).write(`${help()}\n`);
    return asked ? 0 : exitCodes.usage;
  }
  const { command } = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${usageOf(name, command)}\n`);
    return 0;
  }
  return runCommand(name, command, rest);
}

async function runCommand(name: string, command: Command, args: readonly string[]): Promise<number> {
  let context: ReturnType<typeof openContext> | null = null;
  try {
    context = openContext();
    await command.run(args, context);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usageOf(name, command)}\n`);
      return exitCodes.usage;
    }
    process.stderr.write(`${messageOf(error)}\n`);
    return exitCodes.failed;
  } finally {
    await context?.close();
  }
}

/** People get the message of errors made for them; a defect shows its stack. */
function messageOf(error: unknown): string {
  if (error instanceof Problem || error instanceof ConfigError) return error.message;
  if (error instanceof Error && error.name === 'StopError') return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
const code = await main(process.argv.slice(2));
if (code !== 0) process.exitCode = code;
