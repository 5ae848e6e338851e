'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { joinLine, shellOnly, splitLine } from '#components/jobs/editor/argv.ts';
import { PairsField } from '#components/jobs/editor/pairs-field.tsx';
import { fieldId } from '#components/jobs/editor/use-editor.ts';
import type { Editor } from '#components/jobs/editor/use-editor.ts';
import type { CommandDraft } from '#components/jobs/editor/values.ts';

/** What a `command` runs: program and arguments, folder, environment, standard input. */
export function CommandFields({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.command');
  const { command } = editor.values;
  const change = (part: Partial<CommandDraft>) => editor.set({ command: { ...command, ...part } });
  return (
    <>
      <ArgvField editor={editor} command={command} change={change} />
      <Field
        id={fieldId('params.cwd')}
        label={t('cwd')}
        hint={t('cwd_hint')}
        optional
        error={editor.errorOf('params.cwd')}
      >
        <Input
          className="font-mono text-xs"
          placeholder={t('cwd_placeholder')}
          value={command.cwd}
          onChange={(event) => change({ cwd: event.target.value })}
        />
      </Field>
      <PairsField
        id={fieldId('params.env')}
        legend={t('env')}
        hint={t('env_hint')}
        nameLabel={t('env_name')}
        valueLabel={t('env_value')}
        addLabel={t('env_add')}
        pairs={command.env}
        onChange={(env) => change({ env })}
        error={editor.errorOf('params.env')}
      />
      <Field
        id={fieldId('params.stdin')}
        label={t('stdin')}
        hint={t('stdin_hint')}
        optional
        error={editor.errorOf('params.stdin')}
      >
        <Textarea
          mono
          rows={2}
          value={command.stdin}
          onChange={(event) => change({ stdin: event.target.value })}
        />
      </Field>
    </>
  );
}

interface ArgvProps {
  readonly editor: Editor;
  readonly command: CommandDraft;
  readonly change: (part: Partial<CommandDraft>) => void;
}

function ArgvField({ editor, command, change }: ArgvProps) {
  const t = useTranslations('jobs.command');
  const split = splitLine(command.line);
  const toggle = (mode: CommandDraft['mode']) => {
    if (mode === 'line') change({ mode, line: joinLine(command.argv) });
    else if (split.ok) change({ mode, argv: split.argv.length === 0 ? [''] : split.argv });
  };
  const error =
    editor.errorOf('params.argv') ?? (command.mode === 'line' && !split.ok ? t(split.code) : undefined);
  const argv = command.mode === 'list' ? command.argv : split.ok ? split.argv : [];
  const shell = shellOnly(argv);
  return (
    <div className="flex flex-col gap-1.5">
      {command.mode === 'line' ? (
        <Field id={fieldId('params.argv')} label={t('argv')} hint={t('line_hint')} required error={error}>
          <Input
            className="font-mono text-xs"
            placeholder="python3 collect.py --market KRX"
            spellCheck={false}
            autoComplete="off"
            value={command.line}
            onChange={(event) => change({ line: event.target.value })}
          />
        </Field>
      ) : (
        <ArgvList argv={command.argv} onChange={(next) => change({ argv: next })} error={error} />
      )}
      {command.mode === 'line' && argv.length > 1 ? <ArgvPreview argv={argv} /> : null}
      {shell.length === 0 ? null : (
        <p className="text-xs text-warning">{t('no_shell', { words: shell.join('  ') })}</p>
      )}
      <Segmented
        className="self-start"
        label={t('argv_mode')}
        value={command.mode}
        onChange={toggle}
        options={[
          { value: 'line', label: t('mode_line') },
          { value: 'list', label: t('mode_list'), disabled: command.mode === 'line' && !split.ok },
        ]}
      />
    </div>
  );
}

function ArgvPreview({ argv }: { readonly argv: readonly string[] }) {
  const t = useTranslations('jobs.command');
  return (
    <ol aria-label={t('argv_preview')} className="flex flex-wrap gap-1">
      {argv.map((word, index) => (
        <li
          key={index}
          className="max-w-full truncate rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs text-ink-2 ring-1 ring-hairline ring-inset"
        >
          {word === '' ? '""' : word}
        </li>
      ))}
    </ol>
  );
}

function ArgvList({
  argv,
  onChange,
  error,
}: {
  readonly argv: readonly string[];
  readonly onChange: (argv: readonly string[]) => void;
  readonly error: string | undefined;
}) {
  const t = useTranslations('jobs.command');
  const common = useTranslations('common');
  const name = (index: number) => (index === 0 ? t('program') : t('argument', { index }));
  return (
    <fieldset id={fieldId('params.argv')} tabIndex={-1} className="flex flex-col gap-1.5 outline-none">
      <legend className="mb-1 text-xs font-medium text-ink-2">{t('argv')}</legend>
      {argv.map((word, index) => (
        <div key={index} className="flex gap-1.5">
          <Input
            className="font-mono text-xs"
            aria-label={name(index)}
            aria-invalid={error === undefined ? undefined : true}
            placeholder={name(index)}
            spellCheck={false}
            value={word}
            onChange={(event) =>
              onChange(argv.map((other, at) => (at === index ? event.target.value : other)))
            }
          />
          <IconButton
            size="icon"
            label={common('remove')}
            disabled={argv.length === 1}
            onClick={() => onChange(argv.filter((_, at) => at !== index))}
          >
            <X aria-hidden />
          </IconButton>
        </div>
      ))}
      <div>
        <Button size="sm" variant="ghost" className="-ml-2.5" onClick={() => onChange([...argv, ''])}>
          <Plus aria-hidden />
          {t('argument_add')}
        </Button>
      </div>
      {error === undefined ? null : <p className="text-xs text-danger">{error}</p>}
    </fieldset>
  );
}
