/** A rule that holds from a date (YYYY-MM-DD, the venue's) until the next one. */
export interface Dated<Rule> {
  readonly since: string;
  readonly rule: Rule;
}

/** Oldest first. */
export type DatedRules<Rule> = readonly [Dated<Rule>, ...Dated<Rule>[]];

/** The rule of a date (YYYY-MM-DD); before the first the first holds. */
export function ruleOn<Rule>(rules: DatedRules<Rule>, date: string): Rule {
  return (rules.findLast(({ since }) => since <= date) ?? rules[0]).rule;
}
