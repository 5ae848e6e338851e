'use client';

import { TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';

export interface SummaryItem {
  /** The id of the Field's control. */
  readonly field: string;
  readonly label: string;
  readonly message: string;
}

/** All that is wrong with a form, above it; takes the focus when it appears, and each line leads to its field. */
export function FormErrorSummary({
  items,
  message,
}: {
  readonly items: readonly SummaryItem[];
  readonly message?: string | null;
}) {
  const t = useTranslations('common');
  const box = useRef<HTMLDivElement>(null);
  const shown = items.length > 0 || (message !== undefined && message !== null);
  useEffect(() => {
    if (shown) box.current?.focus();
  }, [shown]);
  if (!shown) return null;
  return (
    <div
      ref={box}
      tabIndex={-1}
      role="alert"
      className="rounded-md border border-danger/40 bg-danger-tint px-3 py-2 text-sm"
    >
      <p className="flex items-center gap-1.5 font-medium text-danger">
        <TriangleAlert aria-hidden className="size-4 shrink-0" />
        {message ?? t('form.summary', { count: items.length })}
      </p>
      {items.length === 0 ? null : (
        <ul className="mt-1 ml-5.5">
          {items.map((item) => (
            <li key={item.field}>
              <a
                href={`#${item.field}`}
                className="underline decoration-hairline underline-offset-2 hover:decoration-current"
                onClick={(event) => {
                  event.preventDefault();
                  document.getElementById(item.field)?.focus();
                }}
              >
                {item.label}
              </a>
              : {item.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
