// Runs before any code of a page: schemas decide about compiled parsers when they are made.
import '#components/query/setup-zod.ts';
