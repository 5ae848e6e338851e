'use client';

import type { ComponentProps } from 'react';
import { Dialog } from '#components/ui/dialog.tsx';

/** A drawer at the right edge, full width on a phone: details beside a list that stays in view. */
export function Sheet(props: Omit<ComponentProps<typeof Dialog>, 'place'>) {
  return <Dialog place="side" {...props} />;
}
