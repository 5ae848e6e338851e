import { z } from 'zod';

// zod's compiled parsers probe `new Function`, which our content security policy reports as a violation.
z.config({ jitless: true });
