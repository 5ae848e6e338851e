'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { TaskView } from '#domain/jobs/plugins.ts';
import { Combobox } from '#components/ui/combobox.tsx';
import { Field } from '#components/ui/field.tsx';
import { RadioList } from '#components/ui/segmented.tsx';
import { schemaFields, startingParams } from '#components/jobs/editor/schema-fields.ts';
import { fieldId } from '#components/jobs/editor/use-editor.ts';
import type { Editor } from '#components/jobs/editor/use-editor.ts';
import { hasForm } from '#components/jobs/editor/values.ts';
import { tasksQuery } from '#components/jobs/queries.ts';

const builtin = ['command', 'http', 'external'] as const;
const isBuiltin = (task: string) => builtin.some((name) => name === task);

function usePlugins(): readonly TaskView[] {
  const { data } = useQuery(tasksQuery());
  return data?.tasks.filter(({ kind }) => kind === 'plugin') ?? [];
}

/** What the job runs: a built-in task, or one of the plug-ins where there are any. */
export function TaskChoice({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set } = editor;
  const plugins = usePlugins();
  const ownTask = !isBuiltin(values.task);
  const offered = plugins.length > 0 || ownTask;
  const choosePlugin = (name: string) => {
    // Parameters of another task are of no use to this one; what was typed for it before is.
    const untouched =
      hasForm(values.task) ||
      ['', '{}'].includes(values.json.trim()) ||
      plugins.some((task) => startingParams(task.params_schema) === values.json);
    const schema = plugins.find((task) => task.name === name)?.params_schema;
    set({ task: name, params_as: 'json', ...(untouched ? { json: startingParams(schema) } : {}) });
  };
  const kinds = [...builtin, ...(offered ? (['plugin'] as const) : [])];
  return (
    <>
      <div>
        <p className="mb-1 text-xs font-medium text-ink-2">{t('task')}</p>
        <RadioList
          label={t('task')}
          className={offered ? 'sm:grid sm:grid-cols-2 sm:gap-x-4' : 'sm:grid sm:grid-cols-3 sm:gap-4'}
          value={ownTask ? 'plugin' : values.task}
          onChange={(task) =>
            task === 'plugin'
              ? choosePlugin(plugins[0]?.name ?? values.task)
              : set({ task, params_as: task === 'external' ? 'json' : 'form' })
          }
          options={kinds.map((value) => ({
            value,
            label: t(`task_${value}`),
            hint: t(`task_${value}_hint`),
          }))}
        />
      </div>
      {ownTask ? <PluginSelect editor={editor} plugins={plugins} onChoose={choosePlugin} /> : null}
    </>
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

/** The parameters a plug-in takes, as its schema says them. */
export function PluginFields({ task }: { readonly task: string }) {
  const t = useTranslations('jobs.editor');
  const schema = usePlugins().find(({ name }) => name === task)?.params_schema;
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
