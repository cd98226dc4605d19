package io.github.godwit.host.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to have rules on the NIC for a limited time. A file says who holds it and how its rules are lifted, and is
 * written before the first rule; a keeper, a process in a session of its own, lifts them when the renewals stop:
 *
 * <pre>
 *   agent ends, even by kill -9    the keeper sees the end of its pipe and lifts at once
 *   agent is stopped (SIGSTOP)     the keeper hears nothing for the lease's duration and lifts
 *   agent and keeper are killed    the next agent finds the file and lifts at its start
 *   the host restarts              the rules are gone; the file names another boot and is only removed
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
     * Takes the lease and starts its keeper; what another instance left under this name is lifted first.
     *
     * @param lift batch lines that lift everything which will be put in place under this lease
     * @throws IOException when the file cannot be written or the keeper cannot be started
     */
    static Lease open(LeaseScript script, String name, String instance, Duration duration, List<String> lift)
            throws IOException {
        Lease lease = new Lease(script, name, instance, duration);
        script.run("open", name, instance, lift);
        try {
            lease.keeper = script.keep(name, instance, duration);
        } catch (IOException e) {
            lease.lift();
            throw e;
        }
        return lease;
    }

    /** Puts rules in place; after an error those before the refused one are there. */
    void apply(List<String> lines) throws IOException {
        script.run("apply", name, instance, lines);
    }

    /** Takes rules away, those that are there. */
    void retract(List<String> lines) throws IOException {
        script.run("retract", name, instance, lines);
    }

    /**
     * Tells the keeper that the agent lives, and starts a new keeper when it does not answer.
     *
     * @return false when the lease is lost: its rules are gone
     */
    synchronized boolean renew() {
        if (ended) {
            return true;
        }
        if (!held()) {
            dismissKeeper();
            ended = true;
            return false;
        }
        if (!tellKeeper('r')) {
            LOG.warn("The keeper of {} is gone; starting another.", name);
            try {
                keeper = script.keep(name, instance, duration);
            } catch (IOException e) {
                LOG.error("No keeper for {}: its rules stay if this agent is killed.", name, e);
            }
        }
        return true;
    }

    /** Lifts the rules and gives the lease back; does nothing the second time. */
    synchronized void lift() {
        if (ended) {
            return;
        }
        ended = true;
        try {
            script.run("lift", name, instance, List.of());
            dismissKeeper();
        } catch (LeaseLostException e) {
            dismissKeeper();
        } catch (IOException e) {
            // The keeper is not dismissed: the renewals end here, so it tries again.
            LOG.error("Cannot lift the traffic rules of {}; its keeper tries again in {}.", name, duration, e);
        }
    }

    private boolean held() {
        try {
            return Files.readString(script.file(name)).startsWith(instance + " ");
        } catch (IOException e) {
            return false;
        }
    }

    private void dismissKeeper() {
        if (keeper == null) {
            return;
        }
        tellKeeper('q');
        try {
            keeper.getOutputStream().close();
        } catch (IOException ignored) {
            // It is gone already.
        }
    }

    private boolean tellKeeper(char word) {
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
