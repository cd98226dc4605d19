package io.github.godwit.lab.experiment.scatter;

import java.util.Locale;

/** What goes wrong during a migration whose pages wait on intermediaries. */
enum ScatterFault {
    /** The Redis of an intermediary is killed. */
    INTERMEDIARY_DIES,
    /** An intermediary has no memory left. */
    INTERMEDIARY_FULL,
    /** The Redis of an intermediary is stopped (SIGSTOP). */
    INTERMEDIARY_HANGS,
    /** The link into an intermediary gets a hundredth of its rate. */
    INTERMEDIARY_SLOW,
    /** Everything that an intermediary holds is overwritten. */
    INTERMEDIARY_RUBBISH,
    /** The link of an intermediary is down. */
    INTERMEDIARY_UNREACHABLE,
    /** The link between the hosts is down for some seconds, and all connections over it are reset. */
    HOST_LINK_CUT,
    /** The source's host driver is killed, and started again. */
    SOURCE_HOST_DRIVER_KILLED,
    /** The destination's host driver is killed, and started again. */
    DESTINATION_HOST_DRIVER_KILLED;

    /** As it is called in results. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
