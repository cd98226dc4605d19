package io.github.godwit.training.work;

/** Told how far something is, for people. */
@FunctionalInterface
public interface Progress {

    /** A line. */
    void say(String line);

    /** Tells nobody. */
    Progress NONE = line -> {};
}
