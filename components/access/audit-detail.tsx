'use client';

import { useTranslations } from 'use-intl';
import type { AuditView } from '#domain/access/view.ts';
import { useActorText, useOperationText } from '#components/access/audit-text.ts';
import { changedFields } from '#components/access/diff.ts';
import { Dialog } from '#components/ui/dialog.tsx';
import { Time } from '#components/ui/time.tsx';

/** One audit record beside the list: who, when, and each field before and after. */
export function AuditDetail({ entry, onClose }: { readonly entry: AuditView; readonly onClose: () => void }) {
  const t = useTranslations('settings.audit');
  const operationText = useOperationText();
  const actorText = useActorText();
  const changes = changedFields(entry.before, entry.after);
  const facts = [
    [t('at'), <Time key="at" at={entry.at} />],
    [t('actor'), `${actorText(entry.actor)} (${entry.actor.kind} ${entry.actor.id})`],
    [t('entity'), `${entry.entity_type} ${entry.entity_id}`],
    [t('request'), entry.request_id ?? '–'],
  ] as const;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      place="side"
      title={operationText(entry.operation)}
      description={<code className="text-xs">{entry.operation}</code>}
    >
      <dl className="mb-4 grid grid-cols-[6rem_1fr] gap-y-1 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="min-w-0 break-all">{value}</dd>
          </div>
        ))}
      </dl>
      {changes.length === 0 ? (
        <p className="text-sm text-ink-3">{t('no_change')}</p>
      ) : (
        <table className="w-full table-fixed text-sm">
          <thead>
            <tr className="text-left text-xs text-ink-3">
              <th scope="col" className="w-1/3 py-1 pr-2 font-medium">
                {t('field')}
              </th>
              <th scope="col" className="py-1 pr-2 font-medium">
                {t('before')}
              </th>
              <th scope="col" className="py-1 font-medium">
                {t('after')}
              </th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={change.path} className="border-t border-hairline align-top">
                <th scope="row" className="py-1.5 pr-2 text-left font-mono text-xs font-normal break-words">
                  {change.path}
                </th>
                <td className="py-1.5 pr-2 font-mono text-xs break-words text-ink-2">
                  {change.before ?? '–'}
                </td>
                <td className="py-1.5 font-mono text-xs break-words">{change.after ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}
