import { z } from 'zod';
import { route } from '#app/_server/api/route.ts';
import { signInOf } from '#app/_server/auth.ts';
import { revokeOtherSignIns } from '#db/access/sign-ins.ts';

export const POST = route({
  id: 'revokeOtherSignIns',
  summary: "End all of one's sign-ins but this one",
  tag: 'Access',
  permission: 'signed-in',
  scope: false,
  response: { status: 200, schema: z.object({ sign_ins_ended: z.number().int() }) },
  async handler({ request, perform }) {
    const current = await signInOf(request.headers);
    return perform(revokeOtherSignIns, { keep_sign_in: current?.id ?? null });
  },
});
