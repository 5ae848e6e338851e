'use client';

import { RadioGroup as Base } from 'radix-ui';
import { cn } from '#components/ui/cn.ts';
import type { Option } from '#components/ui/select.tsx';

interface ChoiceProps<T extends string> {
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly Option<T>[];
  /** Names the group. */
  readonly label: string;
  readonly className?: string;
}

function chooser<T extends string>(options: readonly Option<T>[], onChange: (value: T) => void) {
  return (next: string) => {
    const option = options.find((candidate) => candidate.value === next);
    if (option !== undefined) onChange(option.value);
  };
}

/** Two to five choices side by side: ranges, modes, views. */
export function Segmented<T extends string>({ value, onChange, options, label, className }: ChoiceProps<T>) {
  return (
    <Base.Root
      value={value}
      onValueChange={chooser(options, onChange)}
      aria-label={label}
      orientation="horizontal"
      className={cn(
        'inline-flex h-fit w-fit max-w-full self-start overflow-x-auto rounded-md bg-sunken p-0.5 ring-1 ring-hairline ring-inset',
        className,
      )}
    >
      {options.map((option) => (
        <Base.Item
          key={option.value}
          value={option.value}
          disabled={option.disabled === true}
          className="ring-inset-focus shrink-0 min-h-[calc(var(--control)-4px)] max-md:min-h-11 max-md:min-w-11 rounded-[5px] px-2.5 text-xs font-medium whitespace-nowrap text-ink-2 transition-colors hover:text-ink disabled:opacity-50 data-[state=checked]:bg-raised data-[state=checked]:text-ink data-[state=checked]:shadow-[0_0_0_1px_var(--border)]"
        >
          {option.label}
        </Base.Item>
      ))}
    </Base.Root>
  );
}

/** Choices one below the other, each with room for a hint. */
export function RadioList<T extends string>({
  value,
  onChange,
  options,
  label,
  className,
}: Omit<ChoiceProps<T>, 'options'> & {
  readonly options: readonly (Option<T> & { readonly hint?: string })[];
}) {
  return (
    <Base.Root
      value={value}
      onValueChange={chooser(options, onChange)}
      aria-label={label}
      className={cn('flex flex-col', className)}
    >
      {options.map((option) => (
        <label key={option.value} className="flex min-h-(--touch) items-start gap-2 py-1 text-sm">
          <Base.Item
            value={option.value}
            disabled={option.disabled === true}
            className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-control-border bg-surface disabled:opacity-50 data-[state=checked]:border-accent-solid"
          >
            <Base.Indicator className="size-2 rounded-full bg-accent-solid" />
          </Base.Item>
          <span>
            {option.label}
            {option.hint === undefined ? null : (
              <span className="block text-xs text-ink-3">{option.hint}</span>
            )}
          </span>
        </label>
      ))}
    </Base.Root>
  );
}
