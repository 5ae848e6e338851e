/** The look that menus, selects, comboboxes and the palette share. */
export const menuStyle =
  'z-50 min-w-40 animate-pop overflow-hidden overflow-y-auto rounded-lg border border-border bg-raised p-1 text-ink shadow-pop focus-visible:outline-none';

export const itemStyle =
  'relative flex min-h-(--touch) cursor-default items-center gap-2 rounded-sm px-2 text-sm outline-none select-none data-[disabled=""]:opacity-50 data-[disabled=true]:opacity-50 data-highlighted:bg-hover data-[selected=true]:bg-hover [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-3';

export const groupLabelStyle = 'px-2 pt-2 pb-1 text-2xs font-medium text-ink-3';
