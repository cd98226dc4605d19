package io.github.godwit.host.vm;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.model.profile.VmDefinition;
import java.net.URI;

/**
 * What an agent must know of a VM to go on with it after the agent was killed.
 *
 * @param definition what the VM was started from
 * @param process    its QEMU; null while it is being started
 * @param incoming   id of the migration that it comes by, or null
 * @param outgoing   the migration that it leaves by, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VmRecord(VmDefinition definition, ProcessIdentity process, String incoming, Outgoing outgoing) {

    /**
     * A migration away from this host.
     *
     * @param id          its id
     * @param destination base URL of the destination's host driver
     */
    public record Outgoing(String id, URI destination) {}

    VmRecord withProcess(ProcessIdentity started) {
        return new VmRecord(definition, started, incoming, outgoing);
    }

    VmRecord withIncoming(String id) {
        return new VmRecord(definition, process, id, outgoing);
    }

    VmRecord withOutgoing(Outgoing migration) {
        return new VmRecord(definition, process, incoming, migration);
    }
}
