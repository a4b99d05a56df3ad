import fc from "fast-check";
import { anyAct, anyPolicy } from "./acts.ts";
import { Story } from "./story.ts";

/**
 * Plays so many stories of whatever happens to a host; throws with the shortest one in which somebody got in wrongly.
 * Gives how often somebody got in.
 */
export function playStories(count: number): number {
  let admitted = 0;
  const house = fc.record({ factor: fc.boolean(), policy: anyPolicy });
  fc.assert(
    fc.property(house, fc.array(anyAct, { minLength: 10, maxLength: 60, size: "max" }), (wanted, acts) => {
      const story = new Story(wanted);
      for (const act of acts) story.act(act);
      admitted += story.admitted;
    }),
    { numRuns: count },
  );
  return admitted;
}
