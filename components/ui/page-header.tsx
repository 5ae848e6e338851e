import type { ReactNode } from 'react';

interface PageHeaderProps {
  readonly title: ReactNode;
  /** One line: what this is, or its state. */
  readonly description?: ReactNode;
  /** Buttons, the primary one last. */
  readonly actions?: ReactNode;
  /** Where one comes from, above the title. */
  readonly parent?: ReactNode;
}

/** The head of every page: one h1, its state and what can be done. */
export function PageHeader({ title, description, actions, parent }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-2 pb-4">
      <div className="min-w-0 flex-1 basis-60">
        {parent === undefined ? null : <div className="text-xs text-ink-3">{parent}</div>}
        <h1 className="flex min-h-8 flex-wrap items-center gap-x-2 text-lg font-semibold tracking-tight">
          {title}
        </h1>
        {description === undefined ? null : <div className="text-sm text-ink-2">{description}</div>}
      </div>
      {actions === undefined ? null : <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
