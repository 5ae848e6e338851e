import { requirePermission } from '#domain/access/access.ts';
import { Problem } from '#domain/core/errors.ts';
import { signInView } from '#domain/access/view.ts';
import { route } from '#app/_server/api/route.ts';
import { signInOf } from '#app/_server/auth.ts';
import { pageQuery, pageSchema } from '#app/_server/auth-page.ts';
import { listSignIns } from '#db/access/queries.ts';
import { z } from 'zod';

export const GET = route({
  id: 'listSignIns',
  summary: 'Live sign-ins, newest first',
  description: "One's own; with `user` another's (`*`: everybody's), which needs `users.manage`.",
  tag: 'Access',
  permission: 'signed-in',
  scope: false,
  query: pageQuery.extend({ user: z.string().max(200).optional() }),
  response: { status: 200, schema: pageSchema(signInView) },
  async handler({ db, actor, query: { user, ...page }, request }) {
    const own = user === undefined || user === actor.id;
    if (!own) requirePermission(actor, 'users.manage', null);
    else if (actor.kind !== 'user')
      throw new Problem('forbidden', 'people_only', 'A key has no sign-ins: name a user.');
    const current = await signInOf(request.headers);
    const userId = user === '*' ? undefined : (user ?? actor.id);
    return listSignIns(db, { ...page, userId, currentId: current?.id ?? null });
  },
});
