package io.github.godwit.model.select;

import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.unit.Checks;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The techniques that an operator lets a policy or a rule use.
 *
 * @param allow    the only techniques that may be used; empty for all
 * @param forbid   techniques that may not be used
 * @param postcopy when techniques with post-copy are used
 */
public record TechniqueTerms(Set<Technique> allow, Set<Technique> forbid, PostCopyUse postcopy) {

    /** Every technique. */
    public static final TechniqueTerms FREE = new TechniqueTerms(Set.of(), Set.of(), PostCopyUse.FREE);

    /**
     * Copies the sets; null is empty.
     *
     * @throws IllegalArgumentException when a technique is both allowed and forbidden, or none is left
     */
    public TechniqueTerms {
        allow = copy(allow);
        forbid = copy(forbid);
        Checks.present("postcopy", postcopy);
        for (Technique technique : allow) {
            if (forbid.contains(technique)) {
                throw new IllegalArgumentException(
                        "%s is both allowed and forbidden. Remove it from one of the lists.".formatted(technique));
            }
        }
        TechniqueConstraint constraint = constraint("it", allow, forbid, postcopy);
        if (EnumSet.allOf(Technique.class).stream().noneMatch(constraint::allows)) {
            throw new IllegalArgumentException(
                    "No technique is left to use. Allow more techniques, forbid fewer, or set another postcopy.");
        }
    }

    private static Set<Technique> copy(Set<Technique> techniques) {
        EnumSet<Technique> copy = EnumSet.noneOf(Technique.class);
        if (techniques != null) {
            copy.addAll(techniques);
        }
        return Collections.unmodifiableSet(copy);
    }

    /**
     * What these terms rule out whatever is predicted.
     *
     * @param who whose they are, for the reasons
     */
    public TechniqueConstraint constraint(String who) {
        return constraint(who, allow, forbid, postcopy);
    }

    private static TechniqueConstraint constraint(
            String who, Set<Technique> allow, Set<Technique> forbid, PostCopyUse postcopy) {
        TechniqueConstraint lists = TechniqueConstraint.by(who, allow, forbid);
        return postcopy == PostCopyUse.NEVER
                ? lists.narrowedBy(
                        TechniqueConstraint.withoutPostCopy("is forbidden by %s (postcopy: never)".formatted(who)))
                : lists;
    }
}
