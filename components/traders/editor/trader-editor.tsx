'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { candleMinutes } from '#domain/jobs/schedule-fields.ts';
import { strategyNames } from '#domain/strategies/registry.ts';
import type { TraderView } from '#domain/traders/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { LeaveGuard } from '#components/jobs/editor/leave-guard.tsx';
import { Section } from '#components/jobs/editor/section.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormErrorSummary } from '#components/ui/form-error-summary.tsx';
import { Input } from '#components/ui/input.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { RadioList } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import { useFieldWords } from '../field-words.ts';
import { traderHref } from '../queries.ts';
import { useStrategyName } from '../words.ts';
import { FieldControl } from './field-control.tsx';
import { type TraderEditor as Editor, fieldId, useTraderEditor } from './use-trader-editor.ts';
import { type GroupName, clockFields, fieldsOfGroup } from './values.ts';

interface EditorProps {
  readonly scope: string;
  /** null makes a new trader. */
  readonly trader: TraderView | null;
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
}

/** Makes a trader or edits one: strategy, rules, limits, and which symbols it looks at. */
export function TraderEditor({ scope, trader, accounts }: EditorProps) {
  const t = useTranslations('traders.editor');
  const list = useTranslations('traders');
  const common = useTranslations('common');
  const problemText = useProblemText();
  const labelOf = useLabel();
  const first = accounts[0]?.id ?? '';
  const { editor, issues, failure, dirty, saving, save } = useTraderEditor(
    scope,
    trader,
    first,
    strategyNames[0] ?? '',
  );
  const back = trader === null ? traderHref.list(scope) : traderHref.one(scope, trader.trader_id);
  const items = issues.map((issue) => ({
    field: fieldId(issue.path),
    label: labelOf(issue.path, editor.draft.strategy),
    message: problemText(issue),
  }));
  return (
    <form
      noValidate
      className="[&_:is(input,textarea,button,fieldset)]:scroll-mt-28 [&_:is(input,textarea,button,fieldset)]:scroll-mb-40"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <PageHeader
        parent={
          <Link href={back} className="hover:underline">
            {trader === null ? list('title') : trader.definition.name}
          </Link>
        }
        title={trader === null ? t('new_title') : t('edit_title', { trader: trader.definition.name })}
        description={trader === null ? t('new_text') : t('edit_text', { version: trader.version })}
      />
      {items.length > 0 || failure !== null ? (
        <div className="pb-4">
          <FormErrorSummary items={items} message={failure} />
        </div>
      ) : null}
      {trader === null && accounts.length === 0 ? (
        <p className="mb-4 rounded-md bg-warning-tint px-3 py-2 text-sm text-warning">{t('no_accounts')}</p>
      ) : null}
      <What editor={editor} accounts={accounts} />
      <StrategySection editor={editor} />
      <Group editor={editor} group="rules" title={t('rules')} hint={t('rules_hint')} first={6} />
      <Group editor={editor} group="limits" title={t('limits')} hint={t('limits_hint')} first={6} />
      <Group editor={editor} group="filter" title={t('filter')} hint={t('filter_hint')} first={6} />
      <footer className="sticky bottom-0 z-10 -mx-1 flex items-center justify-end gap-2 border-t border-hairline bg-canvas px-1 py-3 max-md:bottom-14 max-md:*:flex-1">
        {dirty ? <span className="mr-auto text-xs text-ink-3 max-md:hidden">{t('unsaved')}</span> : null}
        <Button asChild>
          <Link href={back}>{common('cancel')}</Link>
        </Button>
        <Button type="submit" variant="primary" busy={saving} disabled={trader !== null && !dirty}>
          {trader === null ? t('create') : common('save')}
        </Button>
      </footer>
      <LeaveGuard dirty={dirty && !saving} />
    </form>
  );
}

/** What a path is called: fields of the schemas by their words, the others by the form's. */
function useLabel(): (path: string, strategy: string) => string {
  const t = useTranslations('traders.editor');
  const words = useFieldWords();
  return (path, strategy) => {
    const [group = '', name = ''] = path.split('.');
    if (group === 'params' || group === 'rules' || group === 'limits' || group === 'filter') {
      const field = fieldsOfGroup(group, strategy).find((each) => each.name === name);
      return field === undefined ? path : words.label(field);
    }
    return t.has(group) ? t(group) : path;
  };
}

function Grid({ children }: { readonly children: ReactNode }) {
  return <div className="grid items-start gap-4 sm:grid-cols-2 xl:grid-cols-3">{children}</div>;
}

function What({ editor, accounts }: { readonly editor: Editor; readonly accounts: EditorProps['accounts'] }) {
  const t = useTranslations('traders.editor');
  const { draft, set, setIn, errorOf, isNew } = editor;
  return (
    <Section title={t('what')} hint={t('what_hint')}>
      <Grid>
        <Field id={fieldId('name')} label={t('name')} required error={errorOf('name')}>
          <Input value={draft.name} maxLength={80} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        {isNew ? (
          <>
            <Field
              id={fieldId('trader_id')}
              label={t('trader_id')}
              hint={t('trader_id_hint')}
              required
              error={errorOf('trader_id')}
            >
              <Input
                value={draft.trader_id}
                maxLength={40}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => set({ trader_id: event.target.value })}
              />
            </Field>
            <Field id={fieldId('account')} label={t('account')} required error={errorOf('account')}>
              <Select
                value={draft.account === '' ? null : draft.account}
                onChange={(account) => set({ account })}
                disabled={accounts.length === 0}
                options={accounts.map(({ id, name }) => ({ value: id, label: `${name} · ${id}` }))}
              />
            </Field>
          </>
        ) : null}
        <Field
          id={fieldId('interval')}
          label={t('interval')}
          hint={t('interval_hint')}
          error={errorOf('interval')}
        >
          <Select
            value={draft.interval}
            onChange={(interval) => set({ interval })}
            options={Object.keys(candleMinutes).map((value) => ({ value, label: value }))}
          />
        </Field>
        {clockFields.map((name) => (
          <Field key={name} id={fieldId(name)} label={t(name)} hint={t(`${name}_hint`)} error={errorOf(name)}>
            <div className="relative">
              <Input
                inputMode="numeric"
                autoComplete="off"
                className="pr-7 text-right"
                value={String(draft.clock[name] ?? '')}
                onChange={(event) => setIn('clock', name, event.target.value)}
              />
              <span className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-xs text-ink-3">
                s
              </span>
            </div>
          </Field>
        ))}
      </Grid>
    </Section>
  );
}

function StrategySection({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('traders.editor');
  const texts = useTranslations('strategies');
  const nameOf = useStrategyName();
  const { draft } = editor;
  const fields = fieldsOfGroup('params', draft.strategy);
  return (
    <Section title={t('strategy')} hint={t('strategy_hint')}>
      <RadioList
        label={t('strategy')}
        className="grid gap-x-6 sm:grid-cols-2 xl:grid-cols-3"
        value={draft.strategy}
        onChange={editor.setStrategy}
        options={strategyNames.map((value) => ({
          value,
          label: nameOf(value),
          ...(texts.has(`${value}.text`) ? { hint: texts(`${value}.text`) } : {}),
        }))}
      />
      <Grid>
        {fields.map((field) => (
          <FieldControl key={field.name} editor={editor} group="params" field={field} />
        ))}
      </Grid>
    </Section>
  );
}

interface GroupProps {
  readonly editor: Editor;
  readonly group: GroupName;
  readonly title: string;
  readonly hint: string;
  /** Fields shown at once; the others on request, or when one of them is wrong. */
  readonly first: number;
}

function Group({ editor, group, title, hint, first }: GroupProps) {
  const t = useTranslations('traders.editor');
  const fields = fieldsOfGroup(group, editor.draft.strategy);
  const rest = fields.slice(first);
  const wrong = rest.some((field) => editor.errorOf(`${group}.${field.name}`) !== undefined);
  return (
    <Section title={title} hint={hint}>
      <Grid>
        {fields.slice(0, first).map((field) => (
          <FieldControl key={field.name} editor={editor} group={group} field={field} />
        ))}
      </Grid>
      {rest.length === 0 ? null : (
        <details {...(wrong ? { open: true } : {})}>
          <summary className="touch inline-flex cursor-pointer items-center text-sm font-medium text-accent">
            {t('more')}
          </summary>
          <div className="pt-3">
            <Grid>
              {rest.map((field) => (
                <FieldControl key={field.name} editor={editor} group={group} field={field} />
              ))}
            </Grid>
          </div>
        </details>
      )}
    </Section>
  );
}
