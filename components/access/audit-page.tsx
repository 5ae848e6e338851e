'use client';

import { useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { z } from 'zod';
import { type AuditView, auditView } from '#domain/access/view.ts';
import { AuditDetail } from '#components/access/audit-detail.tsx';
import { type AuditUrl, auditParsers, auditQuery } from '#components/access/audit-filters.ts';
import { useActorText, useOperationText } from '#components/access/audit-text.ts';
import { useGrantText } from '#components/access/grants.tsx';
import { usePages } from '#components/access/pages.ts';
import { api } from '#components/query/api.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { Combobox } from '#components/ui/combobox.tsx';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Time } from '#components/ui/time.tsx';

const facetsSchema = z.object({ operations: z.array(z.string()), entity_types: z.array(z.string()) });

/** Who did what, filtered by the URL; a row opens what it changed. */
export function AuditPage() {
  const t = useTranslations('settings.audit');
  const [url, setUrl] = useQueryStates(auditParsers);
  const [openId, setOpenId] = useState<string | null>(null);
  const { query, items } = usePages({
    key: ['instance', 'audit', 'list'],
    path: '/api/v1/instance/audit',
    item: auditView,
    filter: auditQuery(url),
  });
  const columns = useColumns();
  const open = items?.find((entry) => entry.id === openId);
  const filtered = Object.values(url).some((value) => value !== null);
  return (
    <>
      <PageHeader title={t('title')} description={t('lead')} />
      <Filters url={url} onChange={(change) => void setUrl(change)} />
      {query.isError && items === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          <DataTable
            caption={t('caption')}
            columns={columns}
            rows={items}
            rowId={(entry) => entry.id}
            onOpen={(entry) => setOpenId(entry.id)}
            openId={openId}
            updating={query.isPlaceholderData}
            empty={
              filtered ? (
                <EmptyState kind="filtered" onClear={() => void setUrl(null)} />
              ) : (
                <EmptyState kind="nothing" title={t('empty_title')} />
              )
            }
          />
          {items === undefined || items.length === 0 ? null : (
            <LoadMore
              shown={items.length}
              hasMore={query.hasNextPage}
              busy={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
            />
          )}
        </>
      )}
      {open === undefined ? null : <AuditDetail entry={open} onClose={() => setOpenId(null)} />}
    </>
  );
}

function Filters({
  url,
  onChange,
}: {
  readonly url: AuditUrl;
  readonly onChange: (change: Partial<AuditUrl>) => void;
}) {
  const t = useTranslations('settings.audit');
  const { viewer } = useFrame();
  const { scopeText } = useGrantText();
  const operationText = useOperationText();
  const facets = useQuery({
    queryKey: ['instance', 'audit', 'facets'],
    queryFn: ({ signal }) => api('GET', '/api/v1/instance/audit/facets', { schema: facetsSchema, signal }),
  });
  const operations = (facets.data?.operations ?? []).map((value) => ({
    value,
    label: operationText(value),
    hint: value,
  }));
  const types = (facets.data?.entity_types ?? []).map((value) => ({ value, label: value }));
  const scopes = viewer.scopes.map(({ name }) => ({ value: name, label: scopeText(name) }));
  const date = (name: 'from' | 'to') => (
    <Field label={t(name)} className="w-36 max-md:w-auto">
      <Input
        type="date"
        value={url[name] ?? ''}
        onChange={(event) => onChange({ [name]: event.target.value === '' ? null : event.target.value })}
      />
    </Field>
  );
  return (
    <search className="mb-4 flex flex-wrap gap-2 max-md:grid max-md:grid-cols-2">
      <Field label={t('operation')} className="w-52 max-md:w-auto">
        <Combobox
          value={url.operation}
          onChange={(operation) => onChange({ operation })}
          options={operations}
          placeholder={t('all_operations')}
          clearable
        />
      </Field>
      <Field label={t('type')} className="w-36 max-md:w-auto">
        <Combobox
          value={url.type}
          onChange={(type) => onChange({ type })}
          options={types}
          placeholder={t('all_types')}
          clearable
        />
      </Field>
      <Field label={t('search_entity')} className="w-48 max-md:w-auto">
        <Input
          type="search"
          data-page-search
          key={url.entity ?? ''}
          defaultValue={url.entity ?? ''}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing)
              onChange({ entity: event.currentTarget.value.trim() || null });
          }}
          onBlur={(event) => onChange({ entity: event.target.value.trim() || null })}
        />
      </Field>
      <Field label={t('scope')} className="w-36 max-md:w-auto">
        <Combobox
          value={url.scope}
          onChange={(scope) => onChange({ scope })}
          options={scopes}
          placeholder={t('all_scopes')}
          clearable
        />
      </Field>
      {date('from')}
      {date('to')}
    </search>
  );
}

function useColumns() {
  const t = useTranslations('settings.audit');
  const operationText = useOperationText();
  const actorText = useActorText();
  const { scopeText } = useGrantText();
  return useMemo(() => {
    const h = columnHelper<AuditView>();
    return h.columns([
      h.accessor('at', {
        header: t('at'),
        enableSorting: false,
        meta: { cardLabel: t('at'), width: '13rem' },
        cell: ({ row }) => <Time at={row.original.at} />,
      }),
      h.display({
        id: 'actor',
        header: t('actor'),
        meta: { cardLabel: t('actor'), width: '14rem' },
        cell: ({ row: { original: entry } }) => (
          <span>
            {actorText(entry.actor)}
            <span className="ml-1 text-xs text-ink-3">
              {t.has(`kinds.${entry.actor.kind}`) ? t(`kinds.${entry.actor.kind}`) : entry.actor.kind}
            </span>
          </span>
        ),
      }),
      h.display({
        id: 'operation',
        header: t('operation'),
        meta: { priority: 1, width: '14rem', className: 'max-md:order-first' },
        cell: ({ row }) => (
          <span title={row.original.operation}>{operationText(row.original.operation)}</span>
        ),
      }),
      h.display({
        id: 'entity',
        header: t('entity'),
        meta: { cardLabel: t('entity') },
        cell: ({ row: { original: entry } }) => (
          <span className="break-all">
            <span className="text-ink-3">{entry.entity_type}</span>{' '}
            <code className="text-xs">{entry.entity_id}</code>
          </span>
        ),
      }),
      h.display({
        id: 'scope',
        header: t('scope'),
        meta: { cardLabel: t('scope'), width: '7rem' },
        cell: ({ row: { original: entry } }) =>
          entry.scope === null ? t('instance') : scopeText(entry.scope),
      }),
    ]);
    // The helpers are made anew with the language only.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [t]);
}
