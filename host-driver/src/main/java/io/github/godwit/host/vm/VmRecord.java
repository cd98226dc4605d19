package io.github.godwit.host.vm;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.model.profile.VmDefinition;
import java.net.URI;

/**
 * What a host driver stores about a VM on disk, so that it can manage the VM again after a restart.
 *
 * @param definition the definition that the VM was started from
 * @param process    its QEMU; null while it is being started
 * @param incoming   id of the migration to this host by which it arrives; null if there is none
 * @param outgoing   the migration away from this host; null if there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VmRecord(VmDefinition definition, ProcessIdentity process, String incoming, Outgoing outgoing) {

    /**
     * A migration away from this host.
     *
     * @param id          id of the migration
     * @param destination base URL of the destination's host driver
     * @param left        whether the VM runs there, or may
     */
    public record Outgoing(
            String id,
            URI destination,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean left) {

        /** A migration of a VM that runs here. */
        public Outgoing(String id, URI destination) {
            this(id, destination, false);
        }

        /** The same once the VM runs on the destination. */
        public Outgoing leaving() {
            return new Outgoing(id, destination, true);
        }
    }

    VmRecord withProcess(ProcessIdentity started, String machine) {
        return new VmRecord(definition.withMachine(machine), started, incoming, outgoing);
    }

    VmRecord withIncoming(String id) {
        return new VmRecord(definition, process, id, outgoing);
    }

    VmRecord withOutgoing(Outgoing migration) {
        return new VmRecord(definition, process, incoming, migration);
    }
}
