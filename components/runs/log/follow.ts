/** Whether the view stays at the newest line, and what came while it did not. */
export interface Follow {
  readonly following: boolean;
  /** Lines that came since the reader looked away from the end. */
  readonly unseen: number;
}

export type FollowEvent =
  | { readonly kind: 'lines'; readonly count: number }
  /** `byUser` is false for scrolling that measuring and following cause themselves. */
  | { readonly kind: 'scrolled'; readonly atEnd: boolean; readonly byUser: boolean }
  /** The reader asked for a certain line: a link, a search hit. */
  | { readonly kind: 'went_to_line' }
  | { readonly kind: 'jump_to_latest' }
  | { readonly kind: 'toggle' };

/** Follows until the reader scrolls up or goes to a line; follows again from the end. */
export function follow(state: Follow, event: FollowEvent): Follow {
  switch (event.kind) {
    case 'lines':
      return state.following || event.count === 0 ? state : { ...state, unseen: state.unseen + event.count };
    case 'scrolled':
      if (!event.byUser || event.atEnd === state.following) return state;
      return { following: event.atEnd, unseen: 0 };
    case 'went_to_line':
      return state.following ? { following: false, unseen: 0 } : state;
    case 'jump_to_latest':
      return { following: true, unseen: 0 };
    case 'toggle':
      return { following: !state.following, unseen: 0 };
  }
}
