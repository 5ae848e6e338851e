'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input } from '#components/ui/input.tsx';
import { dayAway } from '#components/dependencies/url.ts';

interface DayChoiceProps {
  /** The day shown. */
  readonly day: string;
  /** Whether it is shown because it is today. */
  readonly isToday: boolean;
  /** null goes to today, and stays with it. */
  readonly onChange: (day: string | null) => void;
}

/** The trading day that is looked at: one back, one on, any, today. */
export function DayChoice({ day, isToday, onChange }: DayChoiceProps) {
  const t = useTranslations('dependencies.day');
  return (
    <fieldset aria-label={t('label')} className="flex items-center gap-1">
      <IconButton size="icon" label={t('previous')} onClick={() => onChange(dayAway(day, -1))}>
        <ChevronLeft aria-hidden />
      </IconButton>
      <Input
        type="date"
        aria-label={t('label')}
        value={day}
        onChange={(event) => {
          if (event.target.value !== '') onChange(event.target.value);
        }}
        className="w-36 tabular-nums"
      />
      <IconButton size="icon" label={t('next')} onClick={() => onChange(dayAway(day, 1))}>
        <ChevronRight aria-hidden />
      </IconButton>
      <Button variant="ghost" disabled={isToday} onClick={() => onChange(null)}>
        {t('today')}
      </Button>
    </fieldset>
  );
}
