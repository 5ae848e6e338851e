import { MissingJob } from '#components/jobs/page/missing-job.tsx';

export default function JobNotFound() {
  return <MissingJob />;
}
