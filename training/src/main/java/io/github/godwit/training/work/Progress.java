package io.github.godwit.training.work;

/** Receives progress messages for people. */
@FunctionalInterface
public interface Progress {

    /** Prints one line. */
    void say(String line);

    /** Ignores all messages. */
    Progress NONE = line -> {};
}
