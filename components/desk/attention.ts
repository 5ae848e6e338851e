import type { ControlsView } from '#domain/accounts/control.ts';
import type { AlertView } from '#domain/alerts/view.ts';
import type { DeskView } from '#domain/desk/view.ts';
import type { ReasonView, TraderView } from '#domain/traders/view.ts';

export type Severity = 'critical' | 'warning' | 'info';

/** Something that needs somebody: what, how grave, and where one does something about it. */
export type Concern = { readonly key: string; readonly severity: Severity; readonly href: string | null } & (
  | {
      readonly kind: 'switch';
      readonly mode: 'entries_stopped' | 'stopped';
      readonly flatten: boolean;
      readonly pending: boolean;
      readonly at: string | null;
    }
  | {
      readonly kind: 'gateway';
      readonly account: string;
      readonly state: 'live' | 'silent' | 'none';
      readonly reason: ReasonView | null;
    }
  | {
      readonly kind: 'unknown';
      readonly symbol: string;
      readonly trader: string;
      readonly side: 'buy' | 'sell';
      readonly at: string;
    }
  | { readonly kind: 'halted'; readonly trader: string; readonly reason: ReasonView; readonly at: string }
  | { readonly kind: 'alert'; readonly alert: AlertView }
  | { readonly kind: 'runs'; readonly what: 'failed' | 'quarantined'; readonly count: number }
);

const rank: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

interface Known {
  readonly desk: DeskView;
  readonly traders: readonly TraderView[];
  readonly alerts: readonly AlertView[];
  readonly switches: ControlsView | undefined;
}

function switchOf(scope: string, { scope: control }: ControlsView): Concern[] {
  if (control.mode === 'running') return [];
  return [
    {
      key: 'switch',
      kind: 'switch',
      severity: control.mode === 'stopped' ? 'critical' : 'warning',
      href: `/${scope}/orders`,
      mode: control.mode,
      flatten: control.flatten,
      pending: control.carried_out_at === null,
      at: control.at,
    },
  ];
}

function gatewaysOf({ gateways }: DeskView): Concern[] {
  return gateways
    .filter(({ state, ready, stopped_today: stopped }) => state !== 'live' || !ready || stopped)
    .map(({ account, name, state, reason, stopped_today: stopped }) => ({
      key: `gateway ${account}`,
      kind: 'gateway',
      severity: stopped ? 'warning' : 'critical',
      href: null,
      account: name,
      state,
      reason,
    }));
}

const alertHref = (scope: string, { order_id: order, trader }: AlertView) =>
  order !== null
    ? `/${scope}/orders/${order}`
    : trader !== null
      ? `/${scope}/traders/${encodeURIComponent(trader)}`
      : null;

/** Everything that needs somebody, the gravest first. What a halt says already is not said again by its alert. */
export function concernsOf(scope: string, { desk, traders, alerts, switches }: Known): Concern[] {
  const halted = traders.filter((trader) => trader.halted !== null);
  const said = new Set(halted.map((trader) => `${trader.trader_id} ${trader.halted?.reason.code ?? ''}`));
  const concerns: Concern[] = [
    ...(switches === undefined ? [] : switchOf(scope, switches)),
    ...gatewaysOf(desk),
    ...desk.orders.unknown.map(({ order_id: id, symbol, trader, side, at }): Concern => ({
      key: `unknown ${id}`,
      kind: 'unknown',
      severity: 'critical',
      href: `/${scope}/orders/${id}`,
      symbol,
      trader,
      side,
      at,
    })),
    ...halted.flatMap((trader): Concern[] =>
      trader.halted === null
        ? []
        : [
            {
              key: `halted ${trader.trader_id}`,
              kind: 'halted',
              severity: 'critical',
              href: `/${scope}/traders/${encodeURIComponent(trader.trader_id)}`,
              trader: trader.definition.name,
              reason: trader.halted.reason,
              at: trader.phase_since,
            },
          ],
    ),
    ...alerts
      .filter(({ trader, reason }) => !said.has(`${trader ?? ''} ${reason.code}`))
      .map((alert): Concern => ({
        key: `alert ${alert.id}`,
        kind: 'alert',
        severity: alert.severity,
        href: alertHref(scope, alert),
        alert,
      })),
    ...(['quarantined', 'failed'] as const)
      .filter((what) => desk.runs[what] > 0)
      .map((what): Concern => ({
        key: what,
        kind: 'runs',
        severity: 'warning',
        href: `/${scope}/runs?state=${what}`,
        what,
        count: desk.runs[what],
      })),
  ];
  return concerns.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
}
