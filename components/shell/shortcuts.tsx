'use client';

import { createContext, use, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { keyOf, matchKeys, takesTyping } from '#components/shell/keys.ts';

export type ShortcutGroup = 'general' | 'go' | 'list' | 'page';

export interface Shortcut {
  /** One key (`n`, `/`, `?`) or two in turn (`g j`). */
  readonly keys: string;
  readonly label: string;
  readonly group: ShortcutGroup;
}

/** Returns false to say it had nothing to do, so that the key keeps its ordinary meaning. */
type Handler = () => boolean | void;
interface Registered extends Shortcut {
  readonly run: () => boolean | void;
}

interface Registry {
  readonly add: (shortcut: Registered) => () => void;
  /** What is bound now, for the sheet. */
  readonly list: () => readonly Shortcut[];
}

const RegistryContext = createContext<Registry | null>(null);

/** A second key counts for this long after the first. */
const sequenceMs = 1_200;

/** Listens once for all single-key shortcuts; off while typing, composing Korean, or inside a dialog. */
export function ShortcutsProvider({ children }: { readonly children: ReactNode }) {
  const bound = useRef<Registered[]>([]);
  const registry = useMemo<Registry>(
    () => ({
      add: (shortcut) => {
        bound.current.push(shortcut);
        return () => {
          bound.current = bound.current.filter((other) => other !== shortcut);
        };
      },
      list: () => bound.current,
    }),
    [],
  );

  useEffect(() => {
    let first: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || takesTyping(event) || insideDialog()) return;
      const key = keyOf(event);
      if (key === null) return;
      clearTimeout(timer);
      const match = matchKeys(bound.current, first, key);
      first = null;
      if (match.kind === 'begun') {
        first = key;
        timer = setTimeout(() => (first = null), sequenceMs);
      }
      // The binding made last wins: that of the innermost part of the page.
      if (match.kind === 'found' && match.shortcut.run() !== false) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('keydown', onKeyDown);
    };
  }, []);

  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

/** Whether a dialog or menu is open: single keys are not for the page behind it. */
export function insideDialog(): boolean {
  return (
    document.querySelector(
      '[role=dialog][data-state=open], [role=alertdialog][data-state=open], [role=menu][data-state=open]',
    ) !== null
  );
}

/**
 * Binds keys while the component is mounted. Outside a ShortcutsProvider it does nothing.
 * @param label how the `?` sheet names it.
 */
export function useShortcut(
  keys: string,
  handler: Handler,
  {
    label,
    group = 'page',
    enabled = true,
  }: { readonly label: string; readonly group?: ShortcutGroup; readonly enabled?: boolean },
): void {
  const registry = use(RegistryContext);
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (registry === null || !enabled) return;
    return registry.add({ keys, label, group, run: () => latest.current() });
  }, [registry, keys, label, group, enabled]);
}

/** What is bound at the moment the component is mounted. */
export function useBoundShortcuts(): readonly Shortcut[] {
  const registry = use(RegistryContext);
  const [shown] = useState(() => [
    ...new Map((registry?.list() ?? []).map((shortcut) => [shortcut.keys, shortcut])).values(),
  ]);
  return shown;
}
