'use client';

import type { QueryClient } from '@tanstack/react-query';
import { QueryClientProvider, environmentManager } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { makeQueryClient } from '#components/query/client.ts';

let browserClient: QueryClient | undefined;

/** One client per request on the server, one per tab in the browser. */
function queryClient(): QueryClient {
  if (environmentManager.isServer()) return makeQueryClient();
  browserClient ??= makeQueryClient();
  return browserClient;
}

export function QueryProvider({ children }: { readonly children: ReactNode }) {
  return <QueryClientProvider client={queryClient()}>{children}</QueryClientProvider>;
}
