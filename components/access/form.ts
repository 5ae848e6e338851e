'use client';

import { useState } from 'react';
import { useProblemText } from '#components/i18n/reason.tsx';
import { ApiProblem } from '#components/query/api.ts';

export type FieldErrors = Readonly<Record<string, string | undefined>>;

export interface Submit {
  readonly busy: boolean;
  /** What is wrong with the whole; null while nothing is. */
  readonly message: string | null;
  /** What is wrong with each field, by its API name. */
  readonly fields: FieldErrors;
  /** Checks first, then sends; answers whether it went through. */
  run(check: FieldErrors, send: () => Promise<unknown>): Promise<boolean>;
  reset(): void;
}

const clean = { message: null, fields: {} } as const;

/** Sending a form: refused fields get their text, anything else is said above the form. */
export function useSubmit(): Submit {
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<Pick<Submit, 'message' | 'fields'>>(clean);
  const refuse = (problem: unknown) => {
    const issues = problem instanceof ApiProblem ? problem.issues : [];
    const fields = Object.fromEntries(issues.map((issue) => [issue.path, problemText(issue)]));
    setErrors({ message: issues.length === 0 ? problemText(problem) : null, fields });
  };
  return {
    busy,
    ...errors,
    reset: () => setErrors(clean),
    async run(check, send) {
      const faults = Object.fromEntries(Object.entries(check).filter(([, text]) => text !== undefined));
      setErrors({ message: null, fields: faults });
      if (Object.keys(faults).length > 0) return false;
      setBusy(true);
      try {
        await send();
        return true;
      } catch (problem) {
        refuse(problem);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
