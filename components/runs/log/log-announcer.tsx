'use client';

import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { LogSnapshot } from '#components/runs/log/log-buffer.ts';

/** A screen reader hears of new lines at most this often. */
const everyMs = 10_000;

/** Says how many lines came, seldom, and that the log is complete; reading every line aloud would help nobody. */
export function LogAnnouncer({ log }: { readonly log: LogSnapshot }) {
  const t = useTranslations('runs.log');
  const [words, setWords] = useState('');
  const latest = useRef(log.lines);
  const said = useRef(log.lines);
  useEffect(() => {
    latest.current = log.lines;
  }, [log.lines]);

  useEffect(() => {
    if (log.phase === 'ended') return;
    const timer = setInterval(() => {
      const count = latest.current - said.current;
      said.current = latest.current;
      setWords(count > 0 ? t('announce', { count }) : '');
    }, everyMs);
    return () => clearInterval(timer);
  }, [log.phase, t]);

  return <output className="sr-only">{log.phase === 'ended' ? t('announce_end') : words}</output>;
}
