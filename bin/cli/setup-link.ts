import { Problem } from '#domain/core/errors.ts';
import { perform } from '#db/core/operation.ts';
import { createSetupLink } from '#db/access/setup.ts';
import { type Command, parseOptions } from './command.ts';

export const command: Command = {
  summary: 'Prints a one-time link that creates the owner; an older one stops working.',
  usage: ['[--if-needed]   says nothing when the owner exists'],
  async run(args, { config, actor, database, print }) {
    const { values } = parseOptions(args, { 'if-needed': { type: 'boolean' } });
    try {
      const { token } = await perform(database(), actor, createSetupLink, null, {});
      print(`${config.url}/setup#token=${encodeURIComponent(token)}`);
    } catch (error) {
      if (values['if-needed'] === true && error instanceof Problem && error.code === 'owner_exists') return;
      throw error;
    }
  },
};
