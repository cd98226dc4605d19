package io.github.godwit.lab.net;

import io.github.godwit.lab.LabName;
import io.github.godwit.lab.system.CommandRunner;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Cuts the link of a host for a while: its port goes down, and all connections between it and another host end at once on both, as they do
 * when a firewall or a failed switch resets them. TCP does not survive that.
 */
public final class LinkCut implements AutoCloseable {

    private final LabName lab;
    private final LabHost host;
    private final CommandRunner commands;

    /**
     * Cuts the link.
     *
     * @param host  the host whose link is cut
     * @param other the host to which it loses its connections
     */
    public LinkCut(LabName lab, LabHost host, LabHost other, CommandRunner commands) {
        this.lab = lab;
        this.host = host;
        this.commands = commands;
        set("down");
        reset(host, other);
        reset(other, host);
    }

    /** Ends the connections of a host to another one; the kernel needs {@code CONFIG_INET_DIAG_DESTROY}. */
    private void reset(LabHost from, LabHost to) {
        String unused = commands.run(
                "ip", "netns", "exec", from.namespace(), "ss", "--kill", "--tcp", "--numeric", "dst", to.address());
    }

    private void set(String state) {
        String unused = commands.run("ip", "-n", lab.wire(), "link", "set", host.name(), state);
    }

    /** Leaves the link down for a time. */
    public void hold(Duration time) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
    }

    /** Repairs the link. */
    @Override
    public void close() {
        set("up");
    }
}
