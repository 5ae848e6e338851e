'use client';

import { useTranslations } from 'use-intl';
import type { PnlView } from '#domain/performance/view.ts';
import { Money } from '#components/ui/money.tsx';
import { Figure, FigureSkeletons, Figures } from '#components/performance/figure.tsx';
import { MeasureValue } from '#components/performance/measure.tsx';

/** The measures of a range. One that is not defined says why. */
export function PnlFigures({ pnl }: { readonly pnl: PnlView | undefined }) {
  const t = useTranslations('performance.figures');
  if (pnl === undefined)
    return (
      <Figures>
        <FigureSkeletons count={12} />
      </Figures>
    );
  const { equity, total } = pnl;
  return (
    <Figures>
      <Figure
        main
        label={t('pnl')}
        value={<Money value={pnl.pnl} signed />}
        more={<MeasureValue of={equity.total_return} as="percent" signed />}
      />
      <Figure
        label={t('closing_equity')}
        value={<Money value={pnl.closing_equity} />}
        more={
          pnl.net_flow === '0' ? undefined : (
            <>
              {t('flow')} <Money value={pnl.net_flow} signed={false} />
            </>
          )
        }
      />
      <Figure
        label={t('max_drawdown_closes')}
        value={<MeasureValue of={equity.max_drawdown} as="percent" reason="below" />}
        more={
          <>
            <Money value={equity.max_drawdown_amount} /> · {t('longest', { days: equity.longest_drawdown })}
          </>
        }
      />
      <Figure
        label={t('win_rate')}
        value={<MeasureValue of={total.win_rate} as="percent" places={1} reason="below" />}
        more={t('won_of', { wins: total.wins, trades: total.trades })}
      />
      <Figure
        label={t('profit_factor')}
        value={<MeasureValue of={total.profit_factor} as="ratio" reason="below" />}
      />
      <Figure label={t('payoff')} value={<MeasureValue of={total.payoff} as="ratio" reason="below" />} />
      <Figure
        label={t('expectancy')}
        value={<MeasureValue of={total.expectancy} as="money" signed reason="below" />}
      />
      <Figure label={t('sharpe')} value={<MeasureValue of={equity.sharpe} as="ratio" reason="below" />} />
      <Figure label={t('sortino')} value={<MeasureValue of={equity.sortino} as="ratio" reason="below" />} />
      <Figure
        label={t('cagr')}
        value={<MeasureValue of={equity.cagr} as="percent" signed reason="below" />}
      />
      <Figure label={t('calmar')} value={<MeasureValue of={equity.calmar} as="ratio" reason="below" />} />
      <Figure
        label={t('costs')}
        value={<Money value={Number(total.fees) + Number(total.taxes)} />}
        more={
          <>
            {t('fees')} <Money value={total.fees} /> · {t('taxes')} <Money value={total.taxes} />
          </>
        }
      />
    </Figures>
  );
}
