'use client';

import { TriangleAlert } from 'lucide-react';
import { createContext, use, useId } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';

export interface FieldAria {
  readonly id?: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
  readonly 'aria-required'?: true;
}

const FieldContext = createContext<FieldAria>({});

/** What the enclosing Field says about its control; every control of `ui/` spreads it. */
export function useField(): FieldAria {
  return use(FieldContext);
}

interface FieldProps {
  readonly label: ReactNode;
  /** What to enter, below the control. */
  readonly hint?: ReactNode;
  /** What is wrong; replaces nothing, is announced, and marks the control invalid. */
  readonly error?: ReactNode;
  readonly required?: boolean;
  /** Says “optional” beside the label. */
  readonly optional?: boolean;
  /** The control's id, so that an error summary can lead to it. */
  readonly id?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Label, control, hint and error, tied together for screen readers. The control reads its id from here. */
export function Field({
  label,
  hint,
  error,
  required = false,
  optional = false,
  id,
  className,
  children,
}: FieldProps) {
  const t = useTranslations('common');
  const made = useId();
  const control = id ?? made;
  const invalid = error !== undefined && error !== null && error !== '' && error !== false;
  const described = [hint ? `${control}-hint` : '', invalid ? `${control}-error` : '']
    .filter(Boolean)
    .join(' ');
  const aria: FieldAria = {
    id: control,
    ...(described === '' ? {} : { 'aria-describedby': described }),
    ...(invalid ? { 'aria-invalid': true as const } : {}),
    ...(required ? { 'aria-required': true as const } : {}),
  };
  return (
    <div className={cn('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={control} className="text-xs font-medium text-ink-2">
        {label}
        {optional ? <span className="ml-1 font-normal text-ink-3">({t('optional')})</span> : null}
      </label>
      <FieldContext value={aria}>{children}</FieldContext>
      {hint ? (
        <p id={`${control}-hint`} className="text-xs text-ink-3">
          {hint}
        </p>
      ) : null}
      {invalid ? (
        <p id={`${control}-error`} className="flex gap-1 text-xs text-danger">
          <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
          {error}
        </p>
      ) : null}
    </div>
  );
}
