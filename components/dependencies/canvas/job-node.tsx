'use client';

import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { useLocale } from 'use-intl';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { cn } from '#components/ui/cn.ts';
import { JobDuration, JobLine } from '#components/dependencies/job-line.tsx';
import { nodeHeight, nodeWidth } from '#components/dependencies/layout.ts';
import { StandingMark, standingOf } from '#components/dependencies/standing.tsx';

export type JobNodeType = Node<
  {
    readonly job: GraphJob;
    readonly today: boolean;
    readonly editing: boolean;
    readonly focused: boolean;
    /** Others wait because of it. */
    readonly cause: boolean;
    readonly critical: boolean;
  },
  'job'
>;

const handleStyle =
  'size-3! rounded-full! border-2! border-surface! bg-accent-solid! after:absolute after:-inset-2.5 after:content-[""]';

/** One job of the graph: its name, how it stands, how long it takes and what it waits for. */
export const JobNode = memo(function JobNode({ data }: NodeProps<JobNodeType>) {
  const locale = useLocale();
  const { job, today, editing, focused, cause, critical } = data;
  const standing = standingOf(job);
  const words = locale === 'ko' ? job.schedule.ko : job.schedule.en;
  return (
    <div
      style={{ width: nodeWidth, height: nodeHeight }}
      className={cn(
        'flex flex-col justify-between rounded-md border border-border bg-surface px-2.5 py-1.5 text-xs text-ink-2',
        critical && 'border-accent',
        standing === 'blocked' && 'border-warning',
        cause && 'border-danger bg-danger-tint',
        focused && 'outline-2 outline-offset-2 outline-accent',
      )}
    >
      <p className="truncate text-sm font-medium text-ink" title={job.job_id}>
        {job.job_id}
      </p>
      <p className="truncate" title={`${job.description}\n${words}`}>
        {job.description === '' ? words : job.description}
      </p>
      <p className="flex h-5 items-center justify-between gap-2 leading-5">
        <StandingMark standing={standing} />
        <JobDuration job={job} />
      </p>
      <p className="truncate text-ink-3">
        <JobLine job={job} today={today} />
        {job.description === '' ? null : ` · ${words}`}
      </p>
      <Handle
        type="target"
        position={Position.Left}
        isConnectable={editing}
        className={editing ? handleStyle : 'opacity-0!'}
      />
      <Handle
        type="source"
        position={Position.Right}
        isConnectable={editing}
        className={editing ? handleStyle : 'opacity-0!'}
      />
    </div>
  );
});
