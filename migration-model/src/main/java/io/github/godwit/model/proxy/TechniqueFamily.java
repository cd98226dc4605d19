package io.github.godwit.model.proxy;

import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.Technique.Switchover;
import io.github.godwit.model.technique.TechniqueTraits.Throttle;

/** Techniques that slow a guest down by the same means. */
public enum TechniqueFamily {
    /** Pre-copy that leaves the vCPUs alone: other work on the host and the downtime. */
    PRE_COPY,
    /** Pre-copy that lets the vCPUs sleep. */
    THROTTLED,
    /** Post-copy from the start: the vCPUs wait for their pages. */
    POST_COPY,
    /** A round of pre-copy, then post-copy. */
    PRE_POST_COPY;

    /** The family of a technique. */
    public static TechniqueFamily of(Technique technique) {
        if (technique.isPostCopy()) {
            return technique.switchover() == Switchover.AT_ONCE ? POST_COPY : PRE_POST_COPY;
        }
        return technique.traits().throttle() == Throttle.NONE ? PRE_COPY : THROTTLED;
    }
}
