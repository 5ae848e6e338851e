import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { scopedOperation } from '#db/core/operation.ts';
import { getAlert } from './queries.ts';
import { alerts } from './schema.ts';

/** Says that somebody has seen an alert; the first who says so stays. If the cause goes on, a new one is raised. */
export const acknowledgeAlert = scopedOperation({
  name: 'acknowledge_alert',
  permission: 'orders.control',
  input: z.strictObject({ alert_id: z.number().int() }),
  async run(context, { alert_id: id }) {
    const { tx, scope, actor, now } = context;
    const changed = await tx
      .update(alerts)
      .set({ acknowledgedAt: now, acknowledgedBy: actor.name })
      .where(and(eq(alerts.scope, scope.name), eq(alerts.id, id), isNull(alerts.acknowledgedAt)))
      .returning({ id: alerts.id });
    if (changed.length > 0) {
      context.audit({
        entityType: 'alert',
        entityId: `${scope.name}/${id}`,
        before: null,
        after: { acknowledged_by: actor.name },
      });
      context.change('alerts', String(id));
    }
    return getAlert(tx, scope.name, id);
  },
});
