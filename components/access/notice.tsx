'use client';

import { TriangleAlert } from 'lucide-react';

/** Why a form was refused as a whole; announced when it appears. */
export function FormNotice({ message }: { readonly message: string | null }) {
  return (
    <div role="alert" aria-live="assertive">
      {message === null ? null : (
        <p className="flex gap-2 rounded-md border border-danger/40 bg-danger-tint px-3 py-2 text-sm text-danger">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>{message}</span>
        </p>
      )}
    </div>
  );
}
