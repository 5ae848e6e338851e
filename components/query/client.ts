import { QueryClient, defaultShouldDehydrateQuery, keepPreviousData } from '@tanstack/react-query';
import { ApiProblem } from '#components/query/api.ts';

/** A refusal stays a refusal; only a lost connection or a server fault is worth another try. */
function shouldRetry(failures: number, error: Error): boolean {
  if (error instanceof ApiProblem && error.status >= 400 && error.status < 500 && error.status !== 429)
    return false;
  return failures < 2;
}

/**
 * A query client with our defaults; pages make one to hand over what they have read. Live updates tell when data
 * is stale, so a reload on focus is not needed.
 */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 5 * 60_000,
        placeholderData: keepPreviousData,
        retry: shouldRetry,
        retryDelay: (attempt) => Math.min(1_000 * 2 ** attempt, 8_000),
        refetchOnWindowFocus: false,
      },
      mutations: { retry: false },
      dehydrate: {
        shouldDehydrateQuery: (query) =>
          defaultShouldDehydrateQuery(query) || query.state.status === 'pending',
        shouldRedactErrors: () => false,
      },
    },
  });
}
