'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { SwitchAction } from '#domain/accounts/control.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { useFrame, useMay } from '#components/shell/viewer-context.tsx';
import { toast } from '#components/ui/toast.tsx';
import { SwitchDialog } from '#components/kill-switch/switch-dialog.tsx';
import {
  type SwitchProof,
  type SwitchTarget,
  controlsKey,
  throwSwitch,
} from '#components/kill-switch/queries.ts';

interface KillSwitch {
  /** Whether the reader may throw it. */
  readonly may: boolean;
  /** Stops entries at once; for anything else it asks first. */
  readonly ask: (target: SwitchTarget, action: SwitchAction) => void;
}

const KillSwitchContext = createContext<KillSwitch>({ may: false, ask: () => {} });

/** Brings the kill switch within reach of everything inside: one dialog, one way of throwing it. */
export function KillSwitchProvider({ children }: { readonly children: ReactNode }) {
  const t = useTranslations('kill_switch');
  const client = useQueryClient();
  const problemText = useProblemText();
  const may = useMay('kill_switch.set');
  const { scope } = useFrame();
  const name = scope?.name ?? null;
  const [asked, setAsked] = useState<{ readonly target: SwitchTarget; readonly action: SwitchAction } | null>(
    null,
  );

  const act = useCallback(
    async (target: SwitchTarget, action: SwitchAction, proof?: SwitchProof) => {
      if (name === null) return;
      const controls = await throwSwitch(name, target, action, proof);
      client.setQueryData(controlsKey(name), controls);
      const of = target.level === 'scope' ? '' : target.subject;
      toast.success(t(`done.${action}`, { level: target.level, subject: of }));
    },
    [name, client, t],
  );
  const value = useMemo<KillSwitch>(
    () => ({
      may: may && name !== null,
      ask: (target, action) => {
        if (action !== 'stop_entries') setAsked({ target, action });
        else act(target, action).catch((problem: unknown) => void toast.error(problemText(problem)));
      },
    }),
    [may, name, act, problemText],
  );
  return (
    <KillSwitchContext value={value}>
      {children}
      {asked === null ? null : (
        <SwitchDialog
          target={asked.target}
          action={asked.action}
          onClose={() => setAsked(null)}
          onConfirm={(proof) => act(asked.target, asked.action, proof)}
        />
      )}
    </KillSwitchContext>
  );
}

/** The kill switch of the page's scope. */
export function useKillSwitch(): KillSwitch {
  return use(KillSwitchContext);
}
