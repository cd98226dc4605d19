package io.github.godwit.host.metrics;

import java.util.List;

/** The bytes that NICs and VMs have sent and received, as they are at a scrape. */
public interface NetworkCounters {

    /** Nothing is counted. */
    NetworkCounters NONE = new NetworkCounters() {
        @Override
        public List<Count> ofNics() {
            return List.of();
        }

        @Override
        public List<Count> ofVms() {
            return List.of();
        }
    };

    /**
     * The bytes of one NIC, with the directions of the host, or of one VM, with those of the VM.
     *
     * @param name name of the NIC or of the VM
     * @param in   bytes received since it was created
     * @param out  bytes sent since then
     */
    record Count(String name, long in, long out) {}

    /** The NICs of this host: those of hardware, and those that migrations use. */
    List<Count> ofNics();

    /** The VMs that are on this host and have a tap. */
    List<Count> ofVms();
}
