'use client';

import { AlertDialog as Base } from 'radix-ui';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useProblemText } from '#components/i18n/reason.tsx';
import { Button } from '#components/ui/button.tsx';
import { overlayStyle } from '#components/ui/dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { Field } from '#components/ui/field.tsx';

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** The question, naming the thing: “Delete job nightly?” */
  readonly title: ReactNode;
  /** What will happen and what will not: “Stops new entries. Open positions are still managed.” */
  readonly consequences: ReactNode;
  /** The verb on the decisive button. */
  readonly verb: ReactNode;
  /** The way back, where “Cancel” would be mistaken for the verb. */
  readonly dismiss?: ReactNode;
  readonly danger?: boolean;
  /** Asks to type this first; for what cannot be undone in `real`. `label` asks for it. */
  readonly typed?: { readonly text: string; readonly label: ReactNode };
  /** Fields that belong to the answer, such as why. */
  readonly children?: ReactNode;
  /** False while those fields lack something. */
  readonly ready?: boolean;
  /** Closes when it resolves; stays open and says why when it rejects. */
  readonly onConfirm: () => Promise<unknown> | void;
}

/** Asks before something that reaches further than this screen. Never dismissed by a stray click outside. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  consequences,
  verb,
  dismiss,
  danger = false,
  typed,
  children,
  ready = true,
  onConfirm,
}: ConfirmDialogProps) {
  const t = useTranslations('common');
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const [entered, setEntered] = useState('');
  const [error, setError] = useState<string | null>(null);

  const change = (next: boolean) => {
    setEntered('');
    setError(null);
    onOpenChange(next);
  };
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      change(false);
    } catch (problem) {
      setError(problemText(problem));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Base.Root open={open} onOpenChange={change}>
      <Base.Portal>
        <Base.Overlay className={overlayStyle} />
        <Base.Content className="fixed top-[18vh] left-1/2 z-50 w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 animate-fade rounded-lg border border-border bg-raised text-ink shadow-pop outline-none">
          <div className="flex flex-col gap-3 p-4">
            <Base.Title className="text-md font-semibold">{title}</Base.Title>
            <Base.Description asChild>
              <div className="text-sm text-ink-2">{consequences}</div>
            </Base.Description>
            {children}
            {typed === undefined ? null : (
              <Field label={typed.label}>
                <Input
                  value={entered}
                  onChange={(event) => setEntered(event.target.value)}
                  autoComplete="off"
                  spellCheck={false}
                />
              </Field>
            )}
            {error === null ? null : (
              <p role="alert" className="text-sm text-danger">
                {error}
              </p>
            )}
          </div>
          <footer className="flex justify-end gap-2 border-t border-hairline px-4 py-3 max-md:*:flex-1">
            <Base.Cancel asChild>
              <Button>{dismiss ?? t('cancel')}</Button>
            </Base.Cancel>
            <Button
              variant={danger ? 'danger' : 'primary'}
              busy={busy}
              disabled={!ready || (typed !== undefined && entered !== typed.text)}
              onClick={() => void confirm()}
            >
              {verb}
            </Button>
          </footer>
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
