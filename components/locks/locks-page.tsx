'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, Search } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { firstOwnLockId } from '#domain/locks/view.ts';
import { Button } from '#components/ui/button.tsx';
import { Checkbox, ToggleRow } from '#components/ui/checkbox.tsx';
import { Input } from '#components/ui/input.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { useDebounced } from '#components/jobs/use-debounced.ts';
import { DefineDialog } from '#components/locks/define-dialog.tsx';
import { type LocksUrl, locksParsers, symbolFilters } from '#components/locks/filters.ts';
import { KeysTab } from '#components/locks/keys-tab.tsx';
import { NamedTab } from '#components/locks/named-tab.tsx';
import { namedLocksQuery, symbolCountsQuery } from '#components/locks/queries.ts';
import { SymbolsTab } from '#components/locks/symbols-tab.tsx';

type Change = (next: Partial<{ [Key in keyof LocksUrl]: LocksUrl[Key] | null }>) => void;

/** Who holds what: named locks, symbols and idempotency keys of a scope. */
export function LocksPage({ scope }: { readonly scope: string }) {
  const t = useTranslations('locks');
  const mayControl = useMay('locks.control');
  const [url, setUrl] = useQueryStates(locksParsers, { history: 'replace' });
  const [defining, setDefining] = useState(false);
  const named = useQuery(namedLocksQuery(scope));
  const counts = useQuery(symbolCountsQuery(scope));
  const q = useDebounced(url.q, 200);
  const change: Change = (next) => void setUrl(next);
  const clear = () => change({ q: null, state: null, duplicates: null });
  const ids = named.data?.locks.map((lock) => lock.lock_id) ?? [];
  const held = named.data?.locks.filter((lock) => lock.holder !== null).length;
  const taken =
    counts.data === undefined
      ? undefined
      : counts.data.held + counts.data.overdue + counts.data.expired + counts.data.reconcile;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          mayControl && url.tab === 'named' ? (
            <Button onClick={() => setDefining(true)}>
              <Plus aria-hidden />
              {t('define.open')}
            </Button>
          ) : undefined
        }
      />
      <Tabs
        label={t('title')}
        value={url.tab}
        onChange={(tab) => change({ tab, q: null, state: null, duplicates: null })}
        tabs={[
          {
            value: 'named',
            label: t('tabs.named'),
            ...(held === undefined ? {} : { count: held }),
            content: (
              <>
                <Filters url={url} onChange={change} />
                <NamedTab scope={scope} q={q} onClear={clear} />
              </>
            ),
          },
          {
            value: 'symbols',
            label: (
              <>
                {t('tabs.symbols')}
                {(counts.data?.overdue ?? 0) > 0 ? (
                  <span className="text-xs text-danger">
                    ▲ {t('overdue', { count: counts.data?.overdue ?? 0 })}
                  </span>
                ) : null}
              </>
            ),
            ...(taken === undefined ? {} : { count: taken }),
            content: (
              <>
                <Filters url={url} onChange={change} />
                <SymbolsTab scope={scope} filter={{ q, state: url.state }} onClear={clear} />
              </>
            ),
          },
          {
            value: 'keys',
            label: t('tabs.keys'),
            content: (
              <>
                <Filters url={url} onChange={change} />
                <KeysTab scope={scope} filter={{ q, duplicates: url.duplicates }} onClear={clear} />
              </>
            ),
          },
        ]}
      />
      {defining ? (
        <DefineDialog
          scope={scope}
          nextId={Math.max(firstOwnLockId - 1, ...ids) + 1}
          onClose={() => setDefining(false)}
        />
      ) : null}
    </>
  );
}

/** The search of the open tab, and what it can be narrowed to. */
function Filters({ url, onChange }: { readonly url: LocksUrl; readonly onChange: Change }) {
  const t = useTranslations('locks.filters');
  const label = t(`search_${url.tab}`);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 pb-3">
      <div className="relative w-72 max-md:w-full">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-3"
        />
        <Input
          type="search"
          data-page-search
          className="pl-8"
          aria-label={label}
          placeholder={label}
          value={url.q}
          onChange={(event) => onChange({ q: event.target.value === '' ? null : event.target.value })}
        />
      </div>
      {url.tab === 'symbols' ? (
        <Segmented
          label={t('state')}
          value={url.state}
          onChange={(state) => onChange({ state })}
          options={symbolFilters.map((value) => ({ value, label: t(`states.${value}`) }))}
        />
      ) : null}
      {url.tab === 'keys' ? (
        <ToggleRow
          label={t('duplicates')}
          control={
            <Checkbox
              checked={url.duplicates}
              onCheckedChange={(checked) => onChange({ duplicates: checked === true ? true : null })}
            />
          }
        />
      ) : null}
    </div>
  );
}
