'use client';

import { useTranslations } from 'use-intl';

/** The name of a job's field in the reader's language; `params.argv.0` is named after `argv`. */
export function useFieldLabel(): (path: string) => string {
  const t = useTranslations('jobs.fields');
  return (path) => {
    const [first = '', second] = path.split('.');
    const key =
      first === 'params' && second !== undefined && t.has(`params_${second}`) ? `params_${second}` : first;
    return t.has(key) ? t(key) : path;
  };
}
