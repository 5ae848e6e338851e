import type { Metadata } from 'next';
import { readConfig } from '#config';
import { type DocOperation, docOperations, matches } from '#app/_server/api/doc-model.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { buttonStyle } from '#components/ui/button.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { MethodBadge, Operation } from './operation.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await serverTranslator('apiDocs');
  return { title: t('title') };
}

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

/** Operations opened at once when a search leaves so few. */
const fewEnough = 4;

/** The API for readers: made from the schemas that validate, open to all. */
export default async function ApiDocsPage({ searchParams }: Props) {
  const [{ q }, t] = await Promise.all([searchParams, serverTranslator('apiDocs')]);
  const search = typeof q === 'string' ? q.trim().slice(0, 200) : '';
  const all = docOperations(readConfig().url);
  const found = all.filter((operation) => matches(operation, search));
  const tags = [...new Set(found.map(({ tag }) => tag))];
  return (
    <div className="mx-auto max-w-6xl px-4 py-6 sm:px-6">
      <PageHeader
        title={t('title')}
        description={t('lead')}
        actions={
          <>
            <a className={buttonStyle({ variant: 'ghost' })} href="/">
              {t('to_console')}
            </a>
            <a className={buttonStyle()} href="/api/v1/openapi.json">
              {t('download')}
            </a>
          </>
        }
      />
      <div className="grid gap-6 lg:grid-cols-[15rem_minmax(0,1fr)]">
        <aside className="lg:sticky lg:top-6 lg:max-h-[calc(100dvh-3rem)] lg:self-start lg:overflow-y-auto">
          <Search search={search} label={t('search')} hint={t('search_hint')} action={t('find')} />
          <Contents operations={found} tags={tags} label={t('contents')} />
        </aside>
        <main id="content" className="min-w-0">
          {search === '' ? (
            <Basics
              texts={['auth', 'lists', 'problems', 'idempotency', 'times'].map((key) => ({
                key,
                title: t(`basics.${key}_title`),
                text: t(`basics.${key}_text`),
              }))}
            />
          ) : null}
          {search === '' ? null : (
            <p className="pb-3 text-sm text-ink-2">
              {t('found', { count: found.length, search })}{' '}
              <a className="text-accent underline" href="/api/docs">
                {t('show_all')}
              </a>
            </p>
          )}
          {tags.map((tag) => (
            <section key={tag} aria-labelledby={`tag-${tag}`} className="pb-8">
              <h2 id={`tag-${tag}`} className="border-b border-hairline pb-2 text-md font-semibold">
                {t(`tags.${tag}`)}
              </h2>
              {found
                .filter((operation) => operation.tag === tag)
                .map((operation) => (
                  <Operation
                    key={operation.id}
                    operation={operation}
                    open={search !== '' && found.length <= fewEnough}
                    t={t}
                  />
                ))}
            </section>
          ))}
        </main>
      </div>
    </div>
  );
}

function Search({
  search,
  label,
  hint,
  action,
}: {
  readonly search: string;
  readonly label: string;
  readonly hint: string;
  readonly action: string;
}) {
  return (
    <search>
      <form action="/api/docs" className="flex gap-2 pb-4">
        <input
          type="search"
          name="q"
          defaultValue={search}
          aria-label={label}
          placeholder={hint}
          className="h-(--control) w-full min-w-0 rounded-md border border-control-border bg-surface px-2.5 text-sm text-ink placeholder:text-ink-3 hover:border-ink-3"
        />
        <button type="submit" className={buttonStyle()}>
          {action}
        </button>
      </form>
    </search>
  );
}

function Contents({
  operations,
  tags,
  label,
}: {
  readonly operations: readonly DocOperation[];
  readonly tags: readonly string[];
  readonly label: string;
}) {
  return (
    <nav aria-label={label} className="hidden text-xs lg:block">
      {tags.map((tag) => (
        <ul key={tag} className="pb-3">
          {operations
            .filter((operation) => operation.tag === tag)
            .map(({ id, method, summary }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  className="flex items-baseline gap-2 rounded-sm px-1 py-1 text-ink-2 hover:bg-hover hover:text-ink"
                >
                  <MethodBadge method={method} className="w-11 shrink-0" />
                  <span className="min-w-0">{summary}</span>
                </a>
              </li>
            ))}
        </ul>
      ))}
    </nav>
  );
}

function Basics({
  texts,
}: {
  readonly texts: readonly { readonly key: string; readonly title: string; readonly text: string }[];
}) {
  return (
    <dl className="grid gap-x-6 gap-y-3 pb-8 text-sm sm:grid-cols-[9rem_minmax(0,1fr)]">
      {texts.map(({ key, title, text }) => (
        <div key={key} className="contents">
          <dt className="font-medium">{title}</dt>
          <dd className="text-ink-2">{text}</dd>
        </div>
      ))}
    </dl>
  );
}
