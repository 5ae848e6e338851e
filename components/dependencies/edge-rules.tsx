'use client';

import { useTranslations } from 'use-intl';
import { gates, starts, type EdgeRule } from '#domain/dependencies/edge.ts';
import { Checkbox, ToggleRow } from '#components/ui/checkbox.tsx';
import { RadioList, Segmented } from '#components/ui/segmented.tsx';

interface EdgeRulesProps {
  readonly rule: EdgeRule;
  readonly onChange: (rule: EdgeRule) => void;
}

/** What an edge does: whether it waits or starts, on which end, of which runs. */
export function EdgeRules({ rule, onChange }: EdgeRulesProps) {
  const t = useTranslations('dependencies');
  const set = (change: Partial<EdgeRule>) => onChange({ ...rule, ...change });
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-1">
        <span className="text-xs font-medium text-ink-2">{t('form.kind')}</span>
        <RadioList
          label={t('form.kind')}
          value={rule.kind}
          onChange={(kind) => set({ kind })}
          options={(['gate', 'trigger', 'both'] as const).map((kind) => ({
            value: kind,
            label: t(`form.kind_${kind}`),
            hint: t(`form.kind_${kind}_hint`),
          }))}
        />
      </div>
      <div className="flex flex-wrap gap-x-6 gap-y-4">
        <div className="flex flex-col gap-1">
          <span className="text-xs font-medium text-ink-2">{t('form.on')}</span>
          <Segmented
            label={t('form.on')}
            value={rule.on}
            onChange={(on) => set({ on })}
            options={(['success', 'any'] as const).map((on) => ({ value: on, label: t(`form.on_${on}`) }))}
          />
        </div>
        {gates(rule) ? (
          <div className="flex flex-col gap-1">
            <span className="text-xs font-medium text-ink-2">{t('form.satisfied_by')}</span>
            <Segmented
              label={t('form.satisfied_by')}
              value={rule.satisfied_by}
              onChange={(by) => set({ satisfied_by: by })}
              options={(['latest', 'any', 'all'] as const).map((by) => ({
                value: by,
                label: t(`form.satisfied_by_${by}`),
              }))}
            />
          </div>
        ) : null}
      </div>
      {starts(rule) ? (
        <ToggleRow
          label={t('form.each')}
          hint={t('form.each_hint')}
          control={<Checkbox checked={rule.each} onCheckedChange={(each) => set({ each: each === true })} />}
        />
      ) : null}
    </div>
  );
}
