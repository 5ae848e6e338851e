export type OverlapPolicy = 'skip' | 'queue' | 'cancel_previous';

export type OverlapDecision =
  | { readonly kind: 'start' }
  | { readonly kind: 'skip'; readonly open: number }
  | { readonly kind: 'start_and_cancel'; readonly cancel: number };

/**
 * What a due fire does when `openRuns` runs of the job are open. `queue` also starts: admission holds it back,
 * for it never lets more than `maxParallel` of one job go at once.
 */
export function overlap(policy: OverlapPolicy, openRuns: number, maxParallel: number): OverlapDecision {
  if (openRuns < maxParallel) return { kind: 'start' };
  switch (policy) {
    case 'skip':
      return { kind: 'skip', open: openRuns };
    case 'queue':
      return { kind: 'start' };
    case 'cancel_previous':
      return { kind: 'start_and_cancel', cancel: openRuns - maxParallel + 1 };
  }
}
