package io.github.godwit.common;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that is run again and again, and whose failures are never silent: an exception is logged with its trace, and the task runs
 * again; an {@link Error} ends the process, so that its service manager starts a sound one.
 *
 * @param name what the task does, for the log
 * @param task the task
 */
public record Loop(String name, Runnable task) implements Runnable {

    /** Exit status after an error: EX_SOFTWARE of sysexits.h. */
    public static final int EXIT_STATUS = 70;

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    @Override
    public void run() {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("{} failed and runs again", name, e);
        } catch (Error e) {
            end(name, e);
            throw e;
        }
    }

    /** Ends the process at once: after an error nobody knows which of its parts still work. */
    static void end(String name, Error error) {
        try {
            LOG.error("{} failed, and with it this process, which ends", name, error);
        } finally {
            Runtime.getRuntime().halt(EXIT_STATUS);
        }
    }
}
