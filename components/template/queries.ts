import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { type templateInstall, templateView } from '#domain/template/view.ts';
import { api, queryString } from '#components/query/api.ts';

export type TemplateLanguage = z.output<typeof templateInstall>['language'];

const root = (scope: string) => `/api/v1/${encodeURIComponent(scope)}/template`;

/** The desk template as this scope stands to it. */
export function templateQuery(scope: string, language: TemplateLanguage) {
  return queryOptions({
    queryKey: [scope, 'jobs', 'template', language],
    queryFn: ({ signal }) =>
      api('GET', `${root(scope)}${queryString({ language })}`, { schema: templateView, signal }),
  });
}

/** @throws ApiProblem. */
export function installTemplate(scope: string, language: TemplateLanguage) {
  return api('POST', `${root(scope)}/install`, {
    schema: templateView,
    body: { language },
    idempotencyKey: crypto.randomUUID(),
  });
}

/** @throws ApiProblem. */
export function startSimulatedDesk(scope: string, language: TemplateLanguage) {
  return api('POST', `${root(scope)}/simulate`, {
    schema: templateView,
    body: { language },
    idempotencyKey: crypto.randomUUID(),
  });
}

/** @throws ApiProblem. */
export function dismissTemplate(scope: string) {
  return api('POST', `${root(scope)}/dismiss`, {
    schema: templateView,
    idempotencyKey: crypto.randomUUID(),
  });
}
