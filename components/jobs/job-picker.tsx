'use client';

import { useQuery } from '@tanstack/react-query';
import { Combobox } from '#components/ui/combobox.tsx';
import { jobNamesQuery } from './names.ts';

interface JobPickerProps {
  readonly scope: string;
  readonly label: string;
  /** What stands there while none is chosen. */
  readonly placeholder: string;
  readonly value: string | null;
  readonly onChange: (job: string | null) => void;
  readonly className?: string;
}

/** Chooses one of the scope's jobs, or none. */
export function JobPicker({ scope, label, placeholder, value, onChange, className }: JobPickerProps) {
  const { data: jobs = [] } = useQuery(jobNamesQuery(scope));
  return (
    <Combobox
      aria-label={label}
      placeholder={placeholder}
      clearable
      value={value}
      onChange={onChange}
      options={jobs.map((job) => ({
        value: job.job_id,
        label: job.job_id,
        ...(job.description === '' ? {} : { hint: job.description }),
      }))}
      {...(className === undefined ? {} : { className })}
    />
  );
}
