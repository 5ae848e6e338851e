import { cn } from '#components/ui/cn.ts';

interface ChangeProps {
  /** Decides sign and colour. */
  readonly value: number;
  /** Writes the size, without a sign. */
  readonly format: (size: number) => string;
  readonly className?: string;
}

/** A gain or a loss: always with its sign, in the reader's colours. */
export function Change({ value, format, className }: ChangeProps) {
  const tone = value > 0 ? 'text-gain' : value < 0 ? 'text-loss' : 'text-flat';
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  return (
    <span className={cn('whitespace-nowrap tabular-nums', tone, className)}>
      {sign}
      {format(Math.abs(value))}
    </span>
  );
}
