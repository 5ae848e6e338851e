import { ListSkeleton } from '#components/jobs/list/list-skeleton.tsx';

export default function JobsLoading() {
  return <ListSkeleton />;
}
