'use client';

import { Download } from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useTranslations } from 'use-intl';
import { queryString } from '#components/query/api.ts';
import { Button } from '#components/ui/button.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import { AccountsTab } from '#components/positions/accounts-tab.tsx';
import { LedgerTab } from '#components/positions/ledger-tab.tsx';
import { PositionsTab } from '#components/positions/positions-tab.tsx';
import { ledgerFilterOf, path, positionsParsers, positionsQuery } from '#components/positions/queries.ts';

/** What is held, by which account, and every line of the books that it follows from. */
export function PositionsPage({ scope }: { readonly scope: string }) {
  const t = useTranslations('positions');
  const [url, setUrl] = useQueryStates(positionsParsers, { history: 'replace', clearOnDefault: true });
  const held = useQuery(positionsQuery(scope));
  const count = held.data?.items.length;
  const download =
    url.tab === 'ledger'
      ? `ledger${queryString({ ...ledgerFilterOf(url), format: 'csv' })}`
      : 'positions?format=csv';
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          url.tab === 'accounts' ? undefined : (
            <Button asChild>
              <a href={path(scope, download)} download>
                <Download aria-hidden />
                {t('download')}
              </a>
            </Button>
          )
        }
      />
      <Tabs
        label={t('title')}
        value={url.tab}
        onChange={(tab) => void setUrl({ tab })}
        tabs={[
          {
            value: 'positions',
            label: t('tabs.positions'),
            ...(count === undefined ? {} : { count }),
            content: <PositionsTab scope={scope} />,
          },
          { value: 'accounts', label: t('tabs.accounts'), content: <AccountsTab scope={scope} /> },
          {
            value: 'ledger',
            label: t('tabs.ledger'),
            content: <LedgerTab scope={scope} url={url} onChange={(next) => void setUrl(next)} />,
          },
        ]}
      />
    </>
  );
}
