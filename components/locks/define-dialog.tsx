'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { lockName } from '#domain/locks/named.ts';
import { firstOwnLockId } from '#domain/locks/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { ApiProblem } from '#components/query/api.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormErrorSummary } from '#components/ui/form-error-summary.tsx';
import { Input } from '#components/ui/input.tsx';
import { NumberInput } from '#components/ui/number-input.tsx';
import { toast } from '#components/ui/toast.tsx';
import { defineNamed } from '#components/locks/queries.ts';

interface DefineDialogProps {
  readonly scope: string;
  /** The id that the next lock gets when none is given. */
  readonly nextId: number;
  readonly onClose: () => void;
}

/** Defines a lock that jobs may then name. */
export function DefineDialog({ scope, nextId, onClose }: DefineDialogProps) {
  const t = useTranslations('locks.define');
  const common = useTranslations('common');
  const problemText = useProblemText();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [id, setId] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  const issues = problem instanceof ApiProblem ? problem.issues : [];
  const errorOf = (field: string) => {
    const issue = issues.find((each) => each.path === field);
    return issue === undefined ? undefined : problemText(issue);
  };
  const badName = name !== '' && !lockName.safeParse(name).success;

  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await defineNamed(scope, { name, description, ...(id === null ? {} : { lock_id: id }) });
      await client.invalidateQueries({ queryKey: [scope, 'locks'] });
      toast.success(t('done', { name }));
      onClose();
    } catch (refusal) {
      setProblem(refusal);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('title')}
      description={t('text')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            type="submit"
            form="define-lock"
            variant="primary"
            busy={busy}
            disabled={name === '' || badName}
          >
            {t('verb')}
          </Button>
        </>
      }
    >
      <form
        id="define-lock"
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <FormErrorSummary
          items={[]}
          message={problem === null || issues.length > 0 ? null : problemText(problem)}
        />
        <Field
          label={t('name')}
          hint={t('name_hint')}
          error={badName ? t('name_bad') : errorOf('name')}
          required
        >
          <Input
            value={name}
            maxLength={60}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field label={t('description')} error={errorOf('description')} optional>
          <Input
            value={description}
            maxLength={500}
            onChange={(event) => setDescription(event.target.value)}
          />
        </Field>
        <Field label={t('id')} hint={t('id_hint', { next: nextId })} error={errorOf('lock_id')} optional>
          <NumberInput value={id} min={firstOwnLockId} max={2_147_483_647} onChange={setId} />
        </Field>
      </form>
    </Dialog>
  );
}
