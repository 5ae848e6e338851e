import { cn } from '#components/ui/cn.ts';
import type { ScopeInfo } from '#components/shell/viewer.ts';

/** A scope's sign: a filled square for real money, an open circle for mock, a dashed one for a rehearsal. */
export function ScopeMark({
  kind,
  className,
}: {
  readonly kind: ScopeInfo['kind'];
  readonly className?: string;
}) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden
      className={cn(
        'size-3.5 shrink-0',
        kind === 'real' ? 'text-[light-dark(var(--real),oklch(0.7_0.14_35))]' : 'text-ink-3',
        className,
      )}
    >
      {kind === 'real' ? (
        <rect x="2.5" y="2.5" width="11" height="11" rx="2.5" fill="currentColor" />
      ) : (
        <circle
          cx="8"
          cy="8"
          r="5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.75"
          strokeDasharray={kind === 'rehearsal' ? '3 2.2' : undefined}
        />
      )}
    </svg>
  );
}
