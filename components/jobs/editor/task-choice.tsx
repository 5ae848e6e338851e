'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { TaskView } from '#domain/jobs/plugins.ts';
import { deskTasks } from '#domain/jobs/tasks.ts';
import { Combobox } from '#components/ui/combobox.tsx';
import { Field } from '#components/ui/field.tsx';
import { RadioList } from '#components/ui/segmented.tsx';
import { schemaFields, startingParams } from '#components/jobs/editor/schema-fields.ts';
import { fieldId } from '#components/jobs/editor/use-editor.ts';
import type { Editor } from '#components/jobs/editor/use-editor.ts';
import { hasForm } from '#components/jobs/editor/values.ts';
import { tasksQuery } from '#components/jobs/queries.ts';

const general = ['command', 'http', 'external'] as const;
type TaskKind = (typeof general)[number] | 'desk' | 'plugin';

function kindOf(task: string): TaskKind {
  return (
    general.find((name) => name === task) ?? (deskTasks.some((name) => name === task) ? 'desk' : 'plugin')
  );
}

function useTasks(): readonly TaskView[] {
  const { data } = useQuery(tasksQuery());
  return data?.tasks ?? [];
}

/** What the job runs: a general task, one of the desk's own, or one of the plug-ins where there are any. */
export function TaskChoice({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set } = editor;
  const tasks = useTasks();
  const plugins = tasks.filter(({ kind }) => kind === 'plugin');
  const kind = kindOf(values.task);
  const choose = (name: string) => {
    // Parameters of another task are of no use to this one; what was typed for it before is.
    const untouched =
      hasForm(values.task) ||
      ['', '{}'].includes(values.json.trim()) ||
      tasks.some((task) => startingParams(task.params_schema) === values.json);
    const schema = tasks.find((task) => task.name === name)?.params_schema;
    set({ task: name, params_as: 'json', ...(untouched ? { json: startingParams(schema) } : {}) });
  };
  const chooseKind = (next: TaskKind) => {
    if (next === 'desk') choose(deskTasks[0] ?? values.task);
    else if (next === 'plugin') choose(plugins[0]?.name ?? values.task);
    else set({ task: next, params_as: next === 'external' ? 'json' : 'form' });
  };
  const kinds: readonly TaskKind[] = [
    ...general,
    'desk',
    ...(plugins.length > 0 || kind === 'plugin' ? (['plugin'] as const) : []),
  ];
  return (
    <>
      <div>
        <p className="mb-1 text-xs font-medium text-ink-2">{t('task')}</p>
        <RadioList
          label={t('task')}
          className="sm:grid sm:grid-cols-2 sm:gap-x-4"
          value={kind}
          onChange={chooseKind}
          options={kinds.map((value) => ({
            value,
            label: t(`task_${value}`),
            hint: t(`task_${value}_hint`),
          }))}
        />
      </div>
      {kind === 'desk' ? <DeskTaskSelect editor={editor} onChoose={choose} /> : null}
      {kind === 'plugin' ? <PluginSelect editor={editor} plugins={plugins} onChoose={choose} /> : null}
    </>
  );
}

interface DeskTaskSelectProps {
  readonly editor: Editor;
  readonly onChoose: (name: string) => void;
}

function DeskTaskSelect({ editor, onChoose }: DeskTaskSelectProps) {
  const t = useTranslations('jobs.editor');
  const chosen = deskTasks.find((name) => name === editor.values.task);
  return (
    <Field
      id={fieldId('task')}
      label={t('desk_task')}
      hint={chosen === undefined ? undefined : t(`desk_tasks.${chosen}`)}
      error={editor.errorOf('task')}
      className="max-w-md"
    >
      <Combobox
        value={editor.values.task}
        onChange={(name) => {
          if (name !== null) onChoose(name);
        }}
        options={deskTasks.map((name) => ({ value: name, label: name, hint: t(`desk_tasks.${name}`) }))}
      />
    </Field>
  );
}

interface PluginSelectProps {
  readonly editor: Editor;
  readonly plugins: readonly TaskView[];
  readonly onChoose: (name: string) => void;
}

function PluginSelect({ editor, plugins, onChoose }: PluginSelectProps) {
  const t = useTranslations('jobs.editor');
  const { task } = editor.values;
  const loaded = plugins.find(({ name }) => name === task);
  const names = [...plugins.map(({ name }) => name), ...(loaded === undefined ? [task] : [])];
  return (
    <Field
      id={fieldId('task')}
      label={t('plugin')}
      hint={loaded?.description}
      error={editor.errorOf('task') ?? (loaded === undefined ? t('plugin_missing') : undefined)}
      className="max-w-md"
    >
      <Combobox
        value={task}
        onChange={(name) => {
          if (name !== null) onChoose(name);
        }}
        options={names.map((name) => {
          const hint = plugins.find((plugin) => plugin.name === name)?.description ?? '';
          return { value: name, label: name, ...(hint === '' ? {} : { hint }) };
        })}
      />
    </Field>
  );
}

/** The parameters a task takes, as its schema says them. */
export function PluginFields({ task }: { readonly task: string }) {
  const t = useTranslations('jobs.editor');
  const schema = useTasks().find(({ name }) => name === task)?.params_schema;
  const fields = schemaFields(schema);
  if (fields.length === 0) return null;
  return (
    <div className="flex flex-col gap-1 border-t border-hairline pt-4">
      <h3 className="text-xs font-medium text-ink-2">{t('plugin_params')}</h3>
      <dl className="grid grid-cols-1 gap-x-4 gap-y-1.5 text-xs sm:grid-cols-[max-content_1fr]">
        {fields.map((field) => (
          <div key={field.name} className="contents">
            <dt className="font-mono">
              {field.name}
              {field.required ? null : (
                <span className="ml-1 font-sans text-ink-3">({t('plugin_optional')})</span>
              )}
            </dt>
            <dd className="text-ink-2 max-sm:mb-1">
              <span className="font-mono text-ink-3">
                {field.type}
                {field.fallback === null ? '' : ` = ${field.fallback}`}
              </span>
              {field.description === '' ? null : <span className="ml-2">{field.description}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
