'use client';

import { createContext, use } from 'react';
import type { ReactNode } from 'react';
import type { Permission } from '#domain/access/access.ts';
import { mayDo } from '#components/shell/viewer.ts';
import type { ScopeInfo, Viewer } from '#components/shell/viewer.ts';

interface Frame {
  readonly viewer: Viewer;
  /** null on pages of the whole instance. */
  readonly scope: ScopeInfo | null;
}

const FrameContext = createContext<Frame | null>(null);

export function ViewerProvider({ viewer, scope, children }: Frame & { readonly children: ReactNode }) {
  return <FrameContext value={{ viewer, scope }}>{children}</FrameContext>;
}

/** The viewer and scope of the page. @throws outside the shell. */
export function useFrame(): Frame {
  const frame = use(FrameContext);
  if (frame === null) throw new Error('useFrame belongs inside the shell');
  return frame;
}

/** Whether to offer what needs this permission in the page's scope. */
export function useMay(permission: Permission): boolean {
  const { viewer, scope } = useFrame();
  return mayDo(viewer, permission, scope?.name ?? null);
}
