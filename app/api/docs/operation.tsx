import type { ReactNode } from 'react';
import type { DocField, DocOperation } from '#app/_server/api/doc-model.ts';
import { Badge } from '#components/ui/badge.tsx';
import { cn } from '#components/ui/cn.ts';
import { CodeBlock } from '#components/ui/code-block.tsx';

export type Translate = (key: string, values?: Record<string, string | number>) => string;

const methodTone: Readonly<Record<DocOperation['method'], string>> = {
  GET: 'text-running',
  POST: 'text-ok',
  PUT: 'text-warning',
  PATCH: 'text-warning',
  DELETE: 'text-danger',
};

export function MethodBadge({
  method,
  className,
}: {
  readonly method: DocOperation['method'];
  readonly className?: string;
}) {
  return (
    <span className={cn('font-mono text-2xs font-semibold', methodTone[method], className)}>{method}</span>
  );
}

/** One method of one path: folded to a line, unfolded to all there is to know. */
export function Operation({
  operation,
  open,
  t,
}: {
  readonly operation: DocOperation;
  readonly open: boolean;
  readonly t: Translate;
}) {
  const { id, method, path, summary, description, params, query, body, response, refusals, curl } = operation;
  return (
    <details open={open} className="group border-b border-hairline">
      <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-1 py-2.5 hover:bg-hover">
        <MethodBadge method={method} className="w-12 shrink-0" />
        <code className="min-w-0 font-mono text-xs break-all">{path}</code>
        <span className="text-sm text-ink-2">{summary}</span>
        <Badge className="ml-auto">{permissionText(operation, t)}</Badge>
      </summary>
      <div id={id} className="space-y-4 pt-1 pb-6 pl-0 sm:pl-15">
        {description === '' ? null : (
          <p className="max-w-prose text-sm text-ink-2">
            <Text text={description} />
          </p>
        )}
        <Fields title={t('path')} fields={params} t={t} />
        <Fields title={t('query')} fields={query} t={t} />
        {body === null ? null : <Fields title={t('body')} fields={body} t={t} />}
        <Part title={t('answer', { status: response.status })}>
          {response.type === '' ? (
            <p className="text-sm text-ink-2">{t('no_body')}</p>
          ) : (
            <code className="font-mono text-xs text-ink-2">{response.type}</code>
          )}
          {response.fields.length === 0 ? null : (
            <details className="pt-1">
              <summary className="cursor-pointer text-sm text-accent">
                {t('fields', { count: response.fields.length })}
              </summary>
              <FieldTable
                fields={response.fields}
                caption={t('answer', { status: response.status })}
                t={t}
                answered
              />
            </details>
          )}
        </Part>
        <Part title={t('refusals')}>
          <ul className="text-sm text-ink-2">
            {refusals.map(({ status, text }) => (
              <li key={status} className="flex gap-3">
                <span className="w-8 shrink-0 font-mono text-xs leading-5 text-ink tabular-nums">
                  {status}
                </span>
                <span>
                  <Text text={text} />
                </span>
              </li>
            ))}
          </ul>
        </Part>
        <Part title={t('example')}>
          <CodeBlock code={curl} label={t('example_of', { name: summary })} />
        </Part>
      </div>
    </details>
  );
}

function permissionText({ permission }: DocOperation, t: Translate): string {
  if (permission === 'public') return t('open_to_all');
  return permission === 'signed-in' ? t('signed_in') : permission;
}

/** English text with `code` in backticks. */
function Text({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={`${index} ${part}`} className="font-mono text-[0.92em] text-ink">
        {part}
      </code>
    ),
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <h3 className="pb-1 text-xs font-semibold text-ink-3">{title}</h3>
      {children}
    </div>
  );
}

function Fields({
  title,
  fields,
  t,
}: {
  readonly title: string;
  readonly fields: readonly DocField[];
  readonly t: Translate;
}) {
  if (fields.length === 0) return null;
  return (
    <Part title={title}>
      <FieldTable fields={fields} caption={title} t={t} />
    </Part>
  );
}

interface FieldTableProps {
  readonly fields: readonly DocField[];
  readonly caption: string;
  readonly t: Translate;
  /** Fields of an answer: what is required or assumed does not matter there. */
  readonly answered?: boolean;
}

/** On a phone each row becomes a short paragraph. */
function FieldTable({ fields, caption, t, answered = false }: FieldTableProps) {
  return (
    <table className="w-full text-left text-xs">
      <caption className="sr-only">{caption}</caption>
      <thead className="sr-only sm:not-sr-only">
        <tr className="text-ink-3">
          <th scope="col" className="w-56 py-1 pr-4 font-normal">
            {t('field')}
          </th>
          <th scope="col" className="w-64 py-1 pr-4 font-normal">
            {t('type')}
          </th>
          <th scope="col" className="py-1 font-normal">
            {t('meaning')}
          </th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.name} className="border-t border-hairline align-top max-sm:block max-sm:py-1.5">
            <th scope="row" className="py-1 pr-4 font-mono font-normal break-all max-sm:block max-sm:py-0">
              {field.name}
              {field.required && !answered ? (
                <span className="pl-1.5 font-sans text-2xs text-danger">{t('required')}</span>
              ) : null}
            </th>
            <td className="py-1 pr-4 font-mono text-ink-2 max-sm:block max-sm:py-0">
              {field.type}
              {field.fallback === null || answered ? null : (
                <span className="block font-sans text-ink-3">{t('default', { value: field.fallback })}</span>
              )}
            </td>
            <td className="py-1 text-ink-2 max-sm:block max-sm:py-0">
              <Text text={field.description} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
