'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type SwitchAction, asksProof } from '#domain/accounts/control.ts';
import { ApiProblem } from '#components/query/api.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { SwitchProof, SwitchTarget } from '#components/kill-switch/queries.ts';

interface SwitchDialogProps {
  readonly target: SwitchTarget;
  readonly action: SwitchAction;
  readonly onClose: () => void;
  readonly onConfirm: (proof: SwitchProof) => Promise<void>;
}

/** What is wrong with one field is the whole answer: it is told, not that "some field" is wrong. */
async function tellingField(act: Promise<void>): Promise<void> {
  try {
    await act;
  } catch (problem) {
    const issue = problem instanceof ApiProblem ? problem.issues[0] : undefined;
    if (issue === undefined || !(problem instanceof ApiProblem)) throw problem;
    throw new ApiProblem(problem.status, issue.code, issue.message, issue.params);
  }
}

/** Asks before a switch is thrown, saying what follows; in a real scope for the proof that the API asks. */
export function SwitchDialog({ target, action, onClose, onConfirm }: SwitchDialogProps) {
  const t = useTranslations('kill_switch');
  const { scope, viewer } = useFrame();
  const [reason, setReason] = useState('');
  const [password, setPassword] = useState('');
  const proof = scope !== null && asksProof(action, scope.kind);
  const of = { level: target.level, subject: target.subject };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t(`ask.${action}`, of)}
      consequences={
        <>
          <p>{t(`means.${action}`)}</p>
          {action === 'flatten' ? <p className="mt-1">{t('means.flatten_price')}</p> : null}
        </>
      }
      verb={t(`act.${action}`)}
      dismiss={t('back')}
      danger={action !== 'resume'}
      ready={!proof || (reason.trim() !== '' && password !== '')}
      {...(proof ? { typed: { text: scope.name, label: t('type_scope', { name: scope.name }) } } : {})}
      onConfirm={() =>
        tellingField(
          onConfirm({
            reason: reason.trim(),
            ...(proof ? { confirm: scope.name, password } : {}),
          }),
        )
      }
    >
      <Field label={t('reason')} hint={t('reason_hint')} required={proof} optional={!proof}>
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      {proof ? (
        <Field label={t('password', { name: viewer.name })} required>
          <Input
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      ) : null}
    </ConfirmDialog>
  );
}
