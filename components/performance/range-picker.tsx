'use client';

import { useTranslations } from 'use-intl';
import { Input } from '#components/ui/input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { type Preset, type Range, isOwn, presets } from '#components/performance/range.ts';

interface RangePickerProps {
  readonly url: { readonly range: Preset; readonly from: string | null; readonly to: string | null };
  /** The days that are shown. */
  readonly shown: Range;
  readonly onChange: (next: { range?: Preset | null; from: string | null; to: string | null }) => void;
}

/** Which days a page is about: a length with one press, or two dates. */
export function RangePicker({ url, shown, onChange }: RangePickerProps) {
  const t = useTranslations('performance.range');
  const own = isOwn(url);
  const set = (part: Partial<Range>) => {
    const next = { ...shown, ...part };
    if (next.from !== '' && next.to !== '' && next.from <= next.to) onChange(next);
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 print:hidden">
      <Segmented<Preset | 'own'>
        label={t('label')}
        value={own ? 'own' : url.range}
        onChange={(preset) =>
          preset === 'own' ? onChange(shown) : onChange({ range: preset, from: null, to: null })
        }
        options={[
          ...presets.map((preset) => ({ value: preset, label: t(preset) })),
          ...(own ? [{ value: 'own' as const, label: t('own') }] : []),
        ]}
      />
      <div className="flex items-center gap-1.5 text-xs text-ink-3">
        <Input
          type="date"
          aria-label={t('from')}
          className="w-36"
          value={shown.from}
          max={shown.to}
          onChange={(event) => set({ from: event.target.value })}
        />
        <span aria-hidden>–</span>
        <Input
          type="date"
          aria-label={t('to')}
          className="w-36"
          value={shown.to}
          min={shown.from}
          onChange={(event) => set({ to: event.target.value })}
        />
      </div>
    </div>
  );
}
