'use client';

import { useTranslations } from 'use-intl';
import { Checkbox, ToggleRow } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { useFieldWords } from '../field-words.ts';
import { type FormField, isSeconds, isShare } from '../fields.ts';
import { type TraderEditor, fieldId } from './use-trader-editor.ts';
import { type GroupName, draftOf } from './values.ts';

interface ControlProps {
  readonly editor: TraderEditor;
  readonly group: GroupName;
  readonly field: FormField;
}

/** One field of a schema: its words, its control and what is wrong with it. */
export function FieldControl({ editor, group, field }: ControlProps) {
  const t = useTranslations('traders.editor');
  const words = useFieldWords();
  const value = editor.draft[group][field.name] ?? '';
  const path = `${group}.${field.name}`;
  const error = editor.errorOf(path);
  const change = (next: string | boolean) => editor.setIn(group, field.name, next);
  if (field.kind === 'boolean')
    return (
      <ToggleRow
        label={words.label(field)}
        hint={words.hint(field)}
        control={
          <Checkbox checked={value === true} onCheckedChange={(checked) => change(checked === true)} />
        }
      />
    );
  const hint = [
    words.hint(field),
    field.nullable ? t('empty_is_none') : '',
    field.kind === 'list' ? t('list_hint') : '',
  ]
    .filter(Boolean)
    .join(' ');
  return (
    <Field id={fieldId(path)} label={words.label(field)} hint={hint} error={error}>
      {field.kind === 'choice' ? (
        <Select
          value={String(value)}
          onChange={change}
          options={field.choices.map((choice) => ({ value: choice, label: words.choice(field, choice) }))}
        />
      ) : (
        <Text field={field} value={String(value)} onChange={change} />
      )}
    </Field>
  );
}

interface TextProps {
  readonly field: FormField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A number or a list as text, its unit behind it. */
function Text({ field, value, onChange }: TextProps) {
  const unit = isShare(field.name) ? '%' : isSeconds(field.name) ? 's' : null;
  const usual = draftOf(field, field.fallback);
  return (
    <div className="relative">
      <Input
        inputMode={field.kind === 'list' ? 'text' : 'decimal'}
        autoComplete="off"
        spellCheck={false}
        className={field.kind === 'list' ? '' : unit === null ? 'text-right' : 'pr-7 text-right'}
        value={value}
        placeholder={typeof usual === 'string' ? usual : ''}
        onChange={(event) => onChange(event.target.value)}
      />
      {unit === null ? null : (
        <span className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-xs text-ink-3">
          {unit}
        </span>
      )}
    </div>
  );
}
