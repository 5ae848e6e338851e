import { cn } from '#components/ui/cn.ts';
import type { Room } from '#components/engine/queries.ts';

/** Up to this many places are drawn one by one; beyond, a bar. */
const mostCells = 20;

interface RoomMeterProps {
  readonly room: Room;
  readonly label: string;
  readonly className?: string;
}

/** How full a room is. */
export function RoomMeter({ room, label, className }: RoomMeterProps) {
  const full = room.used >= room.capacity && room.used > 0;
  const fill = full ? 'bg-warning' : 'bg-running';
  const places = Math.max(room.capacity, room.used);
  const meter = {
    role: 'meter',
    'aria-label': label,
    'aria-valuemin': 0,
    'aria-valuemax': Math.max(1, room.capacity),
    'aria-valuenow': Math.min(room.used, Math.max(1, room.capacity)),
  } as const;
  if (places > mostCells) {
    return (
      <div {...meter} className={cn('h-2 overflow-hidden rounded-sm bg-hover', className)}>
        <div
          className={cn('h-full', fill)}
          style={{ width: `${Math.min(100, (room.used / room.capacity) * 100)}%` }}
        />
      </div>
    );
  }
  return (
    <div {...meter} className={cn('flex h-2 gap-0.5', className)}>
      {Array.from({ length: places }, (_, index) => (
        <span
          key={index}
          className={cn(
            'h-full max-w-10 flex-1 rounded-[2px]',
            index < room.used ? fill : 'bg-hover ring-1 ring-hairline ring-inset',
          )}
        />
      ))}
    </div>
  );
}
