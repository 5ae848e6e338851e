'use client';

import { Tabs as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '#components/ui/cn.ts';

export interface Tab<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  /** A number beside the label. */
  readonly count?: number;
  readonly content: ReactNode;
}

interface TabsProps<T extends string> {
  /** From the URL (nuqs), so that a link shows the same tab. */
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly tabs: readonly Tab<T>[];
  readonly label: string;
  readonly className?: string;
}

/** Parts of one thing, one at a time. Only the shown part is mounted. */
export function Tabs<T extends string>({ value, onChange, tabs, label, className }: TabsProps<T>) {
  const choose = (next: string) => {
    const tab = tabs.find((candidate) => candidate.value === next);
    if (tab !== undefined) onChange(tab.value);
  };
  return (
    <Base.Root value={value} onValueChange={choose} className={cn('flex min-w-0 flex-col', className)}>
      <Base.List aria-label={label} className="flex gap-4 overflow-x-auto border-b border-hairline">
        {tabs.map((tab) => (
          <Base.Trigger
            key={tab.value}
            value={tab.value}
            className="ring-inset-focus -mb-px flex h-(--control) items-center gap-1.5 border-b-2 border-transparent px-0.5 text-sm font-medium whitespace-nowrap text-ink-2 transition-colors hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink max-md:h-11"
          >
            {tab.label}
            {tab.count === undefined ? null : (
              <span className="text-xs font-normal text-ink-3">{tab.count}</span>
            )}
          </Base.Trigger>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Content key={tab.value} value={tab.value} className="min-w-0 pt-4">
          {tab.content}
        </Base.Content>
      ))}
    </Base.Root>
  );
}
