'use client';

import type { ReactNode } from 'react';
import { Skeleton } from '#components/ui/skeleton.tsx';

interface FigureProps {
  readonly label: string;
  readonly value: ReactNode;
  /** A smaller line below. */
  readonly more?: ReactNode;
  /** The one that a page is about. */
  readonly main?: boolean;
}

/** A figure with its name. Several stand in a `Figures`. */
export function Figure({ label, value, more, main = false }: FigureProps) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd>
        <div className={main ? 'text-xl font-semibold' : 'text-md font-medium'}>{value}</div>
        {more === undefined ? null : <div className="text-xs text-ink-3">{more}</div>}
      </dd>
    </div>
  );
}

/** Figures in columns of one width, so that nothing moves when their values do. */
export function Figures({ children }: { readonly children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-x-6 gap-y-4 border-y border-hairline py-4 max-md:grid-cols-2 print:grid-cols-4">
      {children}
    </dl>
  );
}

/** Holds the place of figures. */
export function FigureSkeletons({ count }: { readonly count: number }) {
  return Array.from({ length: count }, (_, index) => (
    <div key={index} className="flex h-11 flex-col justify-center gap-2">
      <Skeleton className="h-3 w-2/5" />
      <Skeleton className="h-4 w-3/5" />
    </div>
  ));
}
