'use client';

import { SlidersHorizontal } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { useDurationText } from '#components/ui/time.tsx';
import { CapacityDialog } from '#components/engine/capacity-dialog.tsx';
import type { EngineScope, Room } from '#components/engine/queries.ts';
import { RoomMeter } from '#components/engine/room-meter.tsx';
import { runHref } from '#components/runs/run-words.tsx';

/** Late by less than this (seconds) is on time: the scheduler fires on the second. */
const lateSec = 2;
const namedHolders = 4;

/** One scope: its queue and its rooms, with who holds them. */
export function ScopeRooms({ scope, mayEdit }: { readonly scope: EngineScope; readonly mayEdit: boolean }) {
  const t = useTranslations('engine.scope');
  const names = useTranslations('scopes');
  const [editing, setEditing] = useState(false);
  const name = names.has(scope.scope) ? names(scope.scope) : scope.scope;
  return (
    <section aria-labelledby={`scope-${scope.scope}`} className="flex min-w-0 flex-col gap-3">
      <div className="flex min-h-8 items-center gap-3 border-b border-hairline pb-1">
        <h2 id={`scope-${scope.scope}`} className="text-sm font-semibold">
          {name}
        </h2>
        {mayEdit ? (
          <Button size="sm" variant="ghost" className="ml-auto" onClick={() => setEditing(true)}>
            <SlidersHorizontal aria-hidden />
            {t('edit')}
          </Button>
        ) : null}
      </div>
      <Queue scope={scope} />
      <ul aria-label={t('rooms')} className="flex flex-col divide-y divide-hairline">
        {scope.resource_groups.map((room) => (
          <RoomRow key={room.name} scope={scope.scope} room={room} />
        ))}
      </ul>
      {editing ? (
        <CapacityDialog
          scope={scope.scope}
          scopeName={name}
          rooms={scope.resource_groups}
          onOpenChange={setEditing}
        />
      ) : null}
    </section>
  );
}

function Queue({ scope }: { readonly scope: EngineScope }) {
  const t = useTranslations('engine.scope');
  const text = useDurationText();
  const late = scope.schedule_lag_sec >= lateSec;
  const numbers = [
    ['waiting', scope.waiting, 'open', ''],
    ['ready', scope.ready, 'open', ''],
    ['dispatched', scope.dispatched, 'open', ''],
    ['running', scope.running, 'running', 'text-running'],
    ['quarantined', scope.quarantined, 'quarantined', 'text-quarantined'],
  ] as const;
  return (
    <dl aria-label={t('queue')} className="flex flex-wrap gap-x-6 gap-y-2">
      {numbers.map(([name, count, tab, colour]) => (
        <div key={name} className="min-w-14">
          <dt className="text-xs text-ink-3">{t(name)}</dt>
          <dd
            className={cn(
              'text-lg leading-6 font-semibold tabular-nums',
              count === 0 ? 'text-ink-3' : colour,
            )}
          >
            <Link href={`/${scope.scope}/runs?tab=${tab}`} className="hover:underline">
              {count}
            </Link>
          </dd>
        </div>
      ))}
      <div className="min-w-14">
        <dt className="text-xs text-ink-3">{t('lag')}</dt>
        <dd
          className={cn('text-lg leading-6 font-semibold tabular-nums', late ? 'text-warning' : 'text-ink-3')}
        >
          {late ? text(scope.schedule_lag_sec * 1_000) : t('on_time')}
        </dd>
      </div>
    </dl>
  );
}

function RoomRow({ scope, room }: { readonly scope: string; readonly room: Room }) {
  const t = useTranslations('engine.room');
  const more = room.holders.length - namedHolders;
  const note =
    room.used > room.capacity
      ? t('over')
      : room.capacity > 0 && room.used === room.capacity
        ? t('full')
        : room.kind === 'reserved'
          ? t('reserved')
          : room.kind === 'lab'
            ? t('lab')
            : null;
  return (
    <li
      id={`room-${scope}-${room.name}`}
      className="grid scroll-mt-32 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 py-2 target:bg-selected sm:grid-cols-[11rem_minmax(0,1fr)_4.5rem]"
    >
      <span className={cn('min-w-0 truncate', room.kind === 'total' && 'font-medium')} title={room.name}>
        {room.kind === 'total' ? t('total') : room.name}
      </span>
      <RoomMeter
        room={room}
        label={t('used', { used: room.used, capacity: room.capacity })}
        className="max-sm:order-1 max-sm:col-span-2"
      />
      <span className="text-right tabular-nums">
        <span className={cn('font-medium', room.used >= room.capacity && room.used > 0 && 'text-warning')}>
          {room.used}
        </span>
        <span className="text-ink-3"> / {room.capacity}</span>
      </span>
      {room.kind === 'total' || (room.holders.length === 0 && note === null) ? null : (
        <span className="col-span-full flex flex-wrap gap-x-3 text-xs text-ink-3 max-sm:order-2 sm:col-start-2">
          {note === null ? null : (
            <span className={cn(room.kind === 'group' || room.used >= room.capacity ? 'text-warning' : '')}>
              {note}
            </span>
          )}
          {room.holders.slice(0, namedHolders).map((holder) => (
            <Link
              key={holder.run_id}
              href={runHref(scope, holder.run_id)}
              className="max-w-48 truncate text-ink-2 hover:text-ink hover:underline"
            >
              {holder.job_id}
            </Link>
          ))}
          {more > 0 ? <span>{t('more', { count: more })}</span> : null}
        </span>
      )}
    </li>
  );
}
