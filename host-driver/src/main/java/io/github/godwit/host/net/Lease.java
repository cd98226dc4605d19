package io.github.godwit.host.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to have traffic rules on the NIC for a limited time. A file, written before the first rule, names the holder and
 * the lines that remove the rules. A keeper, a process in its own session, removes them when the renewals stop:
 *
 * <pre>
 *   host driver ends, even by kill -9    the keeper reads the end of its pipe and removes the rules at once
 *   host driver is stopped (SIGSTOP)     the keeper receives no renewal for the lease's duration and removes them
 *   both are killed                      the next host driver finds the file at its start and removes them
 *   the host restarts                    there are no rules; the file names another boot and is only deleted
 * </pre>
 */
final class Lease {

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    private final LeaseScript script;
    private final String name;
    private final String instance;
    private final Duration duration;
    private Process keeper;
    private boolean ended;

    private Lease(LeaseScript script, String name, String instance, Duration duration) {
        this.script = script;
        this.name = name;
        this.instance = instance;
        this.duration = duration;
    }

    /**
     * Takes the lease and starts its keeper; first removes the rules that another instance left under this name.
     *
     * @param removal batch lines that remove all rules which will be added under this lease
     * @throws IOException if the file cannot be written or the keeper cannot be started
     */
    static Lease open(LeaseScript script, String name, String instance, Duration duration, List<String> removal)
            throws IOException {
        Lease lease = new Lease(script, name, instance, duration);
        script.run("open", name, instance, removal);
        try {
            lease.keeper = script.keep(name, instance, duration);
        } catch (IOException e) {
            lease.release();
            throw e;
        }
        return lease;
    }

    /** Adds rules and stops at the first error; the rules before it stay. */
    void apply(List<String> lines) throws IOException {
        script.run("apply", name, instance, lines);
    }

    /** Removes rules; ignores those that do not exist. */
    void retract(List<String> lines) throws IOException {
        script.run("retract", name, instance, lines);
    }

    /**
     * Replaces the lines that remove the rules.
     *
     * @throws IOException if the lease is lost or its file cannot be written
     */
    void record(List<String> removal) throws IOException {
        script.run("record", name, instance, removal);
    }

    /** Releases the lease and leaves everything as it is, because somebody else has changed it. */
    void drop() {
        end("drop");
    }

    /**
     * Renews the lease with the keeper, and starts another keeper if it has ended.
     *
     * @return false if the lease is lost, and with it the rules
     */
    synchronized boolean renew() {
        if (ended) {
            return true;
        }
        if (!held()) {
            endKeeper();
            ended = true;
            return false;
        }
        if (!sendToKeeper('r')) {
            LOG.warn("The keeper of {} has ended, starting another.", name);
            try {
                keeper = script.keep(name, instance, duration);
            } catch (IOException e) {
                LOG.error("Cannot start a keeper of {}: its rules stay if this host driver is killed.", name, e);
            }
        }
        return true;
    }

    /** Removes the rules and releases the lease; does nothing if called again. */
    void release() {
        end("lift");
    }

    private synchronized void end(String verb) {
        if (ended) {
            return;
        }
        ended = true;
        try {
            script.run(verb, name, instance, List.of());
            endKeeper();
        } catch (LeaseLostException e) {
            endKeeper();
        } catch (IOException e) {
            // The keeper keeps running: without renewals it removes the rules when the lease ends.
            LOG.error("Cannot remove the traffic rules of {}; its keeper will try again within {}.", name, duration, e);
        }
    }

    private boolean held() {
        try {
            return Files.readString(script.file(name)).startsWith(instance + " ");
        } catch (IOException e) {
            return false;
        }
    }

    private void endKeeper() {
        if (keeper == null) {
            return;
        }
        sendToKeeper('q');
        try {
            keeper.getOutputStream().close();
        } catch (IOException ignored) {
            // The keeper has ended.
        }
    }

    private boolean sendToKeeper(char word) {
        try {
            OutputStream pipe = keeper.getOutputStream();
            pipe.write(word);
            pipe.flush();
            return keeper.isAlive();
        } catch (IOException e) {
            return false;
        }
    }
}
