'use client';

import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';
import type { ScopeInfo } from '#components/shell/viewer.ts';

const looks: Record<ScopeInfo['kind'], string> = {
  real: 'bg-real text-on-real',
  mock: 'bg-mock text-ink-2',
  rehearsal: 'bg-rehearsal text-ink-2',
};

/** Says across the whole width which world this is, so that nobody takes one for another. */
export function ScopeBand({ scope }: { readonly scope: ScopeInfo }) {
  const t = useTranslations('shell');
  return (
    <p
      className={cn(
        'flex h-6 items-center justify-center gap-2 px-3 text-2xs whitespace-nowrap',
        looks[scope.kind],
      )}
    >
      <strong className="font-bold tracking-[0.08em]">{t(`${scope.kind}_band`)}</strong>
      {scope.kind === 'rehearsal' ? <span>{scope.name}</span> : null}
      <span className="truncate">{t(`${scope.kind}_note`)}</span>
    </p>
  );
}
