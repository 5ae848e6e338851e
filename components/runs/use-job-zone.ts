'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { jobNamesQuery } from '#components/jobs/names.ts';

/** The zone of each job; Seoul until it is known. The function stays the same while the jobs do. */
export function useJobZone(scope: string): (jobId: string) => string {
  const { data } = useQuery(jobNamesQuery(scope));
  return useCallback((jobId) => data?.find((job) => job.job_id === jobId)?.time_zone ?? 'Asia/Seoul', [data]);
}
