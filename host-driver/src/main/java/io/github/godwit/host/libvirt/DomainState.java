package io.github.godwit.host.libvirt;

/**
 * The state of a domain, which libvirt reports without a job on the domain.
 *
 * @param state  {@code virDomainState}
 * @param reason the reason, whose numbers depend on the state
 */
record DomainState(int state, int reason) {

    private static final int RUNNING = 1;
    private static final int PAUSED = 3;
    private static final int SHUTTING_DOWN = 4;
    private static final int CRASHED = 6;
    private static final int SUSPENDED = 7;

    /** {@code VIR_DOMAIN_RUNNING_POSTCOPY}: it runs here, and its pages still arrive. */
    private static final int RUNNING_POSTCOPY = 10;

    /** {@code VIR_DOMAIN_RUNNING_POSTCOPY_FAILED}: as that, but the connection by which its pages arrive broke. */
    private static final int RUNNING_POSTCOPY_FAILED = 11;

    /** {@code VIR_DOMAIN_PAUSED_MIGRATION}: it arrives, or leaves and is being switched over. */
    private static final int PAUSED_MIGRATION = 2;

    /** {@code VIR_DOMAIN_PAUSED_STARTING_UP}. */
    private static final int PAUSED_STARTING_UP = 11;

    /** {@code VIR_DOMAIN_PAUSED_POSTCOPY}: it runs elsewhere already. */
    private static final int PAUSED_POSTCOPY = 12;

    /** {@code VIR_DOMAIN_PAUSED_POSTCOPY_FAILED}: as that, but the connection by which its pages leave broke. */
    private static final int PAUSED_POSTCOPY_FAILED = 13;

    /** QEMU's run state that corresponds most closely. */
    String runState() {
        return switch (state) {
            case RUNNING -> "running";
            case PAUSED -> arrives() ? "inmigrate" : leavesByPostcopy() ? "postmigrate" : "paused";
            case SHUTTING_DOWN -> "shutdown";
            case CRASHED -> "guest-panicked";
            case SUSPENDED -> "suspended";
            default -> "unknown";
        };
    }

    /** Whether it is in the middle of a migration, as far as its state shows it. */
    boolean inMigration() {
        return arrives()
                || leavesByPostcopy()
                || (state == RUNNING && (reason == RUNNING_POSTCOPY || reason == RUNNING_POSTCOPY_FAILED));
    }

    /** Whether it leaves by a post-copy whose connection broke. */
    boolean leavesByBrokenPostcopy() {
        return state == PAUSED && reason == PAUSED_POSTCOPY_FAILED;
    }

    private boolean leavesByPostcopy() {
        return state == PAUSED && (reason == PAUSED_POSTCOPY || reason == PAUSED_POSTCOPY_FAILED);
    }

    private boolean arrives() {
        return state == PAUSED && (reason == PAUSED_MIGRATION || reason == PAUSED_STARTING_UP);
    }
}
