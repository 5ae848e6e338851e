import { z } from 'zod';
import { changePasswordRequest } from '#domain/access/requests.ts';
import { route } from '#app/_server/api/route.ts';
import { countPassword } from '#app/_server/auth-sign-in.ts';
import { signInOf } from '#app/_server/auth.ts';
import { changePassword } from '#db/access/passwords.ts';

export const PUT = route({
  id: 'changePassword',
  summary: "Change one's own password",
  description: 'Asks for the current one; every other sign-in ends.',
  tag: 'Access',
  permission: 'signed-in',
  scope: false,
  body: changePasswordRequest,
  response: { status: 200, schema: z.object({ user_id: z.string(), sign_ins_ended: z.number().int() }) },
  async handler({ request, body, perform }) {
    const current = await signInOf(request.headers);
    const counted = current === null ? null : await countPassword(request.headers, current.email);
    const changed = await perform(changePassword, { ...body, keep_sign_in: current?.id ?? null });
    await counted?.forget();
    return changed;
  },
});
