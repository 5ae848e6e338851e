import { type Calendar, type Exceptions, alwaysCalendar, makeCalendar } from './calendar.ts';
import type { BuiltinCalendar } from './definition.ts';
import { krxOpenPlan, krxPhases, krxPlan } from './krx.ts';

/** A calendar that every scope has. @param exceptions by date. */
export function builtinCalendar(id: BuiltinCalendar, exceptions: Exceptions = new Map()): Calendar {
  switch (id) {
    case 'XKRX':
      return makeCalendar({
        id,
        zone: 'Asia/Seoul',
        plan: krxPlan,
        usual: krxOpenPlan,
        hours: (day, open, close) => ({
          continuousClose: Math.max(open, close - 10),
          phases: krxPhases(day, open, close),
        }),
        exceptions,
      });
    case 'CRYPTO':
      return alwaysCalendar(id, exceptions);
  }
}
