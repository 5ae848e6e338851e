'use client';

import {
  ArrowDownToLine,
  ChevronDown,
  ChevronUp,
  Clock3,
  Copy,
  Download,
  Search,
  WrapText,
  X,
} from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';
import { IconButton } from '#components/ui/icon-button.tsx';
import { inputStyle } from '#components/ui/input.tsx';
import type { LogPhase } from '#components/runs/log/log-buffer.ts';
import type { LogSearchState } from '#components/runs/log/use-log-search.ts';

interface ToggleProps {
  readonly label: string;
  readonly keys: string;
  readonly on: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

function Toggle({ label, keys, on, onToggle, children }: ToggleProps) {
  return (
    <IconButton
      label={label}
      keys={keys}
      aria-pressed={on}
      onClick={onToggle}
      className={cn(on && 'bg-accent-tint text-accent')}
    >
      {children}
    </IconButton>
  );
}

interface LogToolbarProps {
  readonly phase: LogPhase;
  readonly lines: number;
  readonly search: LogSearchState;
  readonly onStep: (by: 1 | -1) => void;
  readonly following: boolean;
  readonly onFollow: () => void;
  readonly wrap: boolean;
  readonly onWrap: () => void;
  readonly time: boolean;
  readonly onTime: () => void;
  readonly selectedLines: boolean;
  readonly onCopy: () => void;
  readonly downloading: boolean;
  readonly onDownload: () => void;
}

const phaseLook: Record<LogPhase, string> = {
  connecting: 'bg-ink-3 animate-pulse-soft',
  open: 'bg-ok',
  reconnecting: 'bg-warning animate-pulse-soft',
  ended: 'bg-ink-3',
};

/** What can be done with the log, above its lines. */
export function LogToolbar(props: LogToolbarProps) {
  const t = useTranslations('runs.log');
  return (
    <div className="flex flex-wrap items-center gap-x-1 gap-y-2 border-b border-hairline px-2 py-1.5">
      <SearchBox search={props.search} onStep={props.onStep} />
      <span className="ml-auto flex items-center gap-1.5 px-2 text-xs whitespace-nowrap text-ink-2">
        <span aria-hidden className={cn('size-1.5 rounded-full', phaseLook[props.phase])} />
        {t(`phase.${props.phase}`)}
        <span className="text-ink-3">{t('lines', { count: props.lines })}</span>
      </span>
      <Toggle label={t('follow')} keys="f" on={props.following} onToggle={props.onFollow}>
        <ArrowDownToLine aria-hidden />
      </Toggle>
      <Toggle label={t('wrap')} keys="w" on={props.wrap} onToggle={props.onWrap}>
        <WrapText aria-hidden />
      </Toggle>
      <Toggle label={t('time')} keys="t" on={props.time} onToggle={props.onTime}>
        <Clock3 aria-hidden />
      </Toggle>
      <IconButton
        label={props.selectedLines ? t('copy_selected') : t('copy')}
        onClick={props.onCopy}
        disabled={props.lines === 0}
      >
        <Copy aria-hidden />
      </IconButton>
      <IconButton label={t('download')} busy={props.downloading} onClick={props.onDownload}>
        <Download aria-hidden />
      </IconButton>
    </div>
  );
}

function SearchBox({
  search,
  onStep,
}: {
  readonly search: LogSearchState;
  readonly onStep: (by: 1 | -1) => void;
}) {
  const t = useTranslations('runs.log');
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // Enter also ends the composing of a Korean syllable; that one is not ours.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      onStep(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      if (search.query === '') event.currentTarget.blur();
      search.setQuery('');
    }
  };
  const { matches, current, query } = search;
  const at = current === null ? 0 : matches.indexOf(current) + 1;
  const words =
    matches.length === 0
      ? t('no_match')
      : at === 0
        ? t('total', { total: matches.length })
        : t('count', { at, total: matches.length });
  return (
    <search className="flex min-w-0 flex-1 basis-64 items-center gap-1 sm:max-w-112">
      <div className="relative min-w-0 flex-1">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-ink-3"
        />
        <input
          data-page-search
          type="text"
          enterKeyHint="search"
          autoComplete="off"
          spellCheck={false}
          aria-label={t('search')}
          placeholder={t('search_short')}
          value={query}
          onChange={(event) => search.setQuery(event.target.value)}
          onKeyDown={onKeyDown}
          className={cn(inputStyle, 'h-(--control-sm) pr-2 pl-7')}
        />
      </div>
      {query === '' ? null : (
        <>
          <output className="min-w-16 px-1 text-xs whitespace-nowrap text-ink-2">{words}</output>
          <IconButton label={t('previous')} disabled={matches.length === 0} onClick={() => onStep(-1)}>
            <ChevronUp aria-hidden />
          </IconButton>
          <IconButton label={t('next')} keys="n" disabled={matches.length === 0} onClick={() => onStep(1)}>
            <ChevronDown aria-hidden />
          </IconButton>
          <IconButton label={t('clear')} onClick={() => search.setQuery('')}>
            <X aria-hidden />
          </IconButton>
        </>
      )}
    </search>
  );
}
