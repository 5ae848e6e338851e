import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: ReactNode;
  readonly hint: ReactNode;
  readonly children: ReactNode;
}

/** One part of the form: its name and purpose at the side, its fields beside them. */
export function Section({ title, hint, children }: SectionProps) {
  return (
    <section className="grid gap-x-10 gap-y-4 border-t border-hairline py-6 lg:grid-cols-[11rem_minmax(0,1fr)]">
      <header>
        <h2 className="text-sm font-semibold">{title}</h2>
        <p className="mt-0.5 text-xs text-ink-3">{hint}</p>
      </header>
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
    </section>
  );
}
