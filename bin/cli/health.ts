import { type Command, parseOptions } from './command.ts';

export const command: Command = {
  summary: 'Asks the web process how everything is; exit code 0 when healthy.',
  usage: ['[--json]'],
  async run(args, { config, print, say }) {
    const { values } = parseOptions(args, { json: { type: 'boolean' } });
    const address = `http://127.0.0.1:${config.port}/api/health`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
    if (answer === null) {
      say(`Nothing answers at ${address}. Is npm start running, and is PORT the same?`);
      process.exitCode = 1;
      return;
    }
    const body = await answer.text();
    print(values.json ? body : answer.ok ? 'healthy' : `not healthy (${answer.status}): ${body}`);
    if (!answer.ok) process.exitCode = 1;
  },
};
