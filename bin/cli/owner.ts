import { perform } from '#db/core/operation.ts';
import { createOwner } from '#db/access/setup.ts';
import { type Command, UsageError, parseOptions } from './command.ts';

export const command: Command = {
  summary: 'Creates the owner from BELLKEEPER_OWNER_EMAIL and BELLKEEPER_OWNER_PASSWORD.',
  usage: ['[--if-missing] [--name NAME]'],
  async run(args, { config, actor, database, say }) {
    const { values } = parseOptions(args, { 'if-missing': { type: 'boolean' }, name: { type: 'string' } });
    const { ownerEmail: email, ownerPassword: password } = config;
    if (email === null || password === null) {
      throw new UsageError('Set both BELLKEEPER_OWNER_EMAIL and BELLKEEPER_OWNER_PASSWORD.');
    }
    const name = values.name === undefined ? {} : { name: values.name };
    const owner = await perform(database(), actor, createOwner, null, { ...name, email, password });
    say(owner.created ? `Owner ${owner.email} created.` : `The owner exists already: ${owner.email}.`);
    if (!owner.created && values['if-missing'] !== true) process.exitCode = 1;
  },
};
