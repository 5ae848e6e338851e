import { cn } from '#components/ui/cn.ts';

/** A place held for what is loading; give it the size of what will come, so that nothing shifts. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden className={cn('block h-3.5 animate-pulse-soft rounded-sm bg-hover', className)} />;
}
