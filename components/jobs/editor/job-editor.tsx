'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { JobView } from '#domain/jobs/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { Button } from '#components/ui/button.tsx';
import { FormErrorSummary } from '#components/ui/form-error-summary.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { DependenciesSection } from '#components/jobs/editor/dependencies-section.tsx';
import { HowSection } from '#components/jobs/editor/how-section.tsx';
import type { GroupChoice } from '#components/jobs/editor/how-section.tsx';
import { LeaveGuard } from '#components/jobs/editor/leave-guard.tsx';
import { StaleDialog } from '#components/jobs/editor/stale-dialog.tsx';
import { fieldId, useEditor } from '#components/jobs/editor/use-editor.ts';
import { WhatSection } from '#components/jobs/editor/what-section.tsx';
import { WhenSection } from '#components/jobs/editor/when-section.tsx';
import { useFieldLabel } from '#components/jobs/field-label.ts';
import { jobHref } from '#components/jobs/queries.ts';

interface JobEditorProps {
  readonly scope: string;
  /** null registers a new job. */
  readonly job: JobView | null;
  readonly groups: readonly GroupChoice[];
}

/** Registers a job or edits one: what it runs, when, and how. */
export function JobEditor({ scope, job, groups }: JobEditorProps) {
  const t = useTranslations('jobs.editor');
  const list = useTranslations('jobs.list');
  const common = useTranslations('common');
  const problemText = useProblemText();
  const label = useFieldLabel();
  const { editor, base, issues, failure, dirty, saving, stale, setStale, save, reopen } = useEditor(
    scope,
    job,
  );
  const back = base === null ? jobHref.list(scope) : jobHref.one(scope, base.job_id);
  const items = issues.map((issue) => ({
    field: fieldId(controlOf(issue.path)),
    label: label(issue.path),
    message: problemText(issue),
  }));
  return (
    // What has the focus is never hidden under the bars at the top and the bottom.
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
            {base === null ? list('title') : base.job_id}
          </Link>
        }
        title={base === null ? t('new_title') : t('edit_title', { job: base.job_id })}
        description={
          base === null
            ? t('new_text')
            : t(base.mode === 'service' ? 'edit_text_service' : 'edit_text', { version: base.version })
        }
      />
      {items.length > 0 || failure !== null ? (
        <div className="pb-4">
          <FormErrorSummary items={items} message={failure} />
        </div>
      ) : null}
      <WhatSection editor={editor} />
      <WhenSection editor={editor} />
      <DependenciesSection editor={editor} />
      <HowSection editor={editor} groups={groups} />
      <footer className="sticky bottom-0 z-10 -mx-1 flex items-center justify-end gap-2 border-t border-hairline bg-canvas px-1 py-3 max-md:bottom-14 max-md:*:flex-1">
        {dirty ? <span className="mr-auto text-xs text-ink-3 max-md:hidden">{t('unsaved')}</span> : null}
        <Button asChild>
          <Link href={back}>{common('cancel')}</Link>
        </Button>
        <Button type="submit" variant="primary" busy={saving} disabled={base !== null && !dirty}>
          {base === null ? t('create') : common('save')}
        </Button>
      </footer>
      <LeaveGuard dirty={dirty && !saving} />
      {stale === null || base === null ? null : (
        <StaleDialog
          base={base}
          latest={stale}
          saving={saving}
          onReload={() => reopen(stale)}
          onOverwrite={() => void save(stale)}
          onClose={() => setStale(null)}
        />
      )}
    </form>
  );
}

/** The control that shows a path: list entries and map values belong to the field that holds them. */
function controlOf(path: string): string {
  const [first = '', second] = path.split('.');
  return first === 'params' && second !== undefined ? `params.${second}` : first;
}
