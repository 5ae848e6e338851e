'use client';

import { useRef, useState } from 'react';
import type { RefObject } from 'react';
import { useTranslations } from 'use-intl';
import { useShortcut } from '#components/shell/shortcuts.tsx';

interface RowKeysOptions {
  readonly count: number;
  readonly enabled: boolean;
  readonly onOpen: (index: number) => void;
  readonly onToggle: ((index: number) => void) | null;
}

interface RowKeys {
  readonly ref: RefObject<HTMLTableElement | null>;
  /** The one row that Tab reaches. */
  readonly tabStop: number;
  readonly onFocus: (index: number) => void;
}

/** Walks the rows of a table: j and k move the focus, Enter opens, x ticks. */
export function useRowKeys({ count, enabled, onOpen, onToggle }: RowKeysOptions): RowKeys {
  const t = useTranslations('shell.shortcuts');
  const ref = useRef<HTMLTableElement>(null);
  const [current, setCurrent] = useState(-1);
  const on = enabled && count > 0;

  const focused = () => {
    const row = document.activeElement?.closest('[data-row]');
    return row !== undefined && row !== null && ref.current?.contains(row) === true
      ? Number(row.getAttribute('data-row'))
      : null;
  };
  const move = (by: number) => {
    const from = focused() ?? (by > 0 ? current - (current < 0 ? 0 : 1) : current + 1);
    const next = Math.min(count - 1, Math.max(0, from + by));
    ref.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus();
  };
  const group = 'list';
  useShortcut('j', () => move(1), { label: t('next_row'), group, enabled: on });
  useShortcut('k', () => move(-1), { label: t('previous_row'), group, enabled: on });
  useShortcut(
    'Enter',
    () => {
      const index = focused();
      if (index === null || document.activeElement?.matches('[data-row]') !== true) return false;
      onOpen(index);
      return true;
    },
    { label: t('open_row'), group, enabled: on },
  );
  useShortcut(
    'x',
    () => {
      const index = focused();
      if (index !== null) onToggle?.(index);
    },
    { label: t('toggle_row'), group, enabled: on && onToggle !== null },
  );
  return { ref, tabStop: Math.min(Math.max(current, 0), count - 1), onFocus: setCurrent };
}
