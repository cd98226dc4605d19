package io.github.godwit.host.nova;

import io.github.godwit.hostapi.PostcopyRecovery;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * Recovers migrations of Nova whose connection broke in post-copy. Nova itself does not: its monitor waits as long as libvirt has the job, and
 * libvirt has it until the migration is resumed.
 */
public interface NovaRecovery {

    /** Nothing is recovered. */
    NovaRecovery NONE = new NovaRecovery() {
        @Override
        public void follow(String vm, NovaMessage.Order order, URI destination) {}

        @Override
        public Optional<PostcopyRecovery> of(String vm) {
            return Optional.empty();
        }
    };

    /**
     * Follows a migration that Nova has begun, to its end, also if this host driver is started again.
     *
     * @param vm          UUID of the server
     * @param order       what Nova ordered of libvirt
     * @param destination URL of the destination's host driver
     * @throws IOException              if it cannot be kept
     * @throws IllegalArgumentException if it has a flag that is not known
     */
    void follow(String vm, NovaMessage.Order order, URI destination) throws IOException;

    /** What became of the latest migration of a server, if its connection broke. */
    Optional<PostcopyRecovery> of(String vm);
}
