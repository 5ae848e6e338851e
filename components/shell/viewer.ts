import { allows } from '#domain/access/access.ts';
import type { Grant, Permission } from '#domain/access/access.ts';

export interface ScopeInfo {
  readonly name: string;
  readonly kind: 'real' | 'mock' | 'rehearsal';
}

/** Who looks, and the scopes they may see. */
export interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly grants: readonly Grant[];
  readonly scopes: readonly ScopeInfo[];
}

/** Whether to offer something. What is offered is checked again where it is done. */
export function mayDo(viewer: Viewer, permission: Permission, scope: string | null): boolean {
  return allows({ kind: 'user', id: viewer.id, name: viewer.name, grants: viewer.grants }, permission, scope);
}
