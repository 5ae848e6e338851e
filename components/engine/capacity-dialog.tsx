'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useProblemText } from '#components/i18n/reason.tsx';
import { ApiProblem } from '#components/query/api.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormErrorSummary } from '#components/ui/form-error-summary.tsx';
import { NumberInput } from '#components/ui/number-input.tsx';
import { toast } from '#components/ui/toast.tsx';
import { type Room, engineKey, saveCapacities } from '#components/engine/queries.ts';

interface CapacityDialogProps {
  readonly scope: string;
  readonly scopeName: string;
  readonly rooms: readonly Room[];
  readonly onOpenChange: (open: boolean) => void;
}

/** Edits how many runs each group of a scope takes at a time. Only changed groups are sent. */
export function CapacityDialog({ scope, scopeName, rooms, onOpenChange }: CapacityDialogProps) {
  const t = useTranslations('engine.edit');
  const room = useTranslations('engine.room');
  const common = useTranslations('common');
  const errors = useTranslations('errors');
  const problemText = useProblemText();
  const client = useQueryClient();
  const [entered, setEntered] = useState<Readonly<Record<string, number | null>>>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [before] = useState(rooms);

  const valueOf = ({ name, capacity }: Room) => (name in entered ? (entered[name] ?? null) : capacity);
  const total = before.find(({ kind }) => kind === 'total');
  const totalValue = total === undefined ? null : valueOf(total);
  const changed = before.flatMap((each) => {
    const capacity = valueOf(each);
    return capacity === null || capacity === each.capacity ? [] : [{ name: each.name, capacity }];
  });
  const missing = before.some((each) => valueOf(each) === null);

  const issues = problem instanceof ApiProblem ? problem.issues : [];
  const issueOf = (name: string) => {
    const index = changed.findIndex((each) => each.name === name);
    return issues.find((issue) => issue.path.startsWith(`resource_groups.${index}.`));
  };
  const hint = (each: Room, value: number | null): string | undefined => {
    if (value === 0) return t('zero');
    return each.kind === 'group' && value !== null && totalValue !== null && value > totalValue
      ? t('above_total')
      : undefined;
  };

  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await saveCapacities(scope, changed);
      await client.invalidateQueries({ queryKey: engineKey });
      toast.success(t('saved'));
      onOpenChange(false);
    } catch (refusal) {
      setProblem(refusal);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={t('title', { scope: scopeName })}
      description={t('text')}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{common('cancel')}</Button>
          <Button
            type="submit"
            form="capacity-form"
            variant="primary"
            busy={busy}
            disabled={changed.length === 0 || missing}
          >
            {t('verb')}
          </Button>
        </>
      }
    >
      <form
        id="capacity-form"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <FormErrorSummary items={[]} message={problem === null ? null : problemText(problem)} />
        <div className="grid grid-cols-2 gap-x-4 gap-y-3">
          {before.map((each) => {
            const value = valueOf(each);
            const issue = issueOf(each.name);
            return (
              <Field
                key={each.name}
                label={each.kind === 'total' ? room('total') : each.name}
                hint={hint(each, value)}
                error={
                  value === null ? errors('required') : issue === undefined ? undefined : problemText(issue)
                }
              >
                <NumberInput
                  value={value}
                  min={0}
                  max={10_000}
                  onChange={(next) => setEntered({ ...entered, [each.name]: next })}
                />
              </Field>
            );
          })}
        </div>
      </form>
    </Dialog>
  );
}
