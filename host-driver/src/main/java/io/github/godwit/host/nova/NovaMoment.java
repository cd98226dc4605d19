package io.github.godwit.host.nova;

/**
 * The circumstances under which {@link NovaSupervisionRule} decides.
 *
 * @param nanos        the time by {@link System#nanoTime}, in ns
 * @param cancelWanted whether the caller wants the migration cancelled
 * @param withdrawn    whether Godwit is switched off: the migration goes on as it is
 */
record NovaMoment(long nanos, boolean cancelWanted, boolean withdrawn) {

    /** A moment at which nobody wants anything. */
    static NovaMoment at(long nanos) {
        return new NovaMoment(nanos, false, false);
    }
}
