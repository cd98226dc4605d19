package io.github.godwit.host.rest;

import io.github.godwit.hostapi.HostSwitch;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;

/** The route {@code /v1/switch}: whether Godwit influences the migrations from this host. */
@Path("/v1/switch")
@Produces(MediaType.APPLICATION_JSON)
public final class SwitchResource {

    /** The switch of this host. */
    public interface Switch {

        /** Its position. */
        HostSwitch hostSwitch();

        /**
         * Turns it, with effect also on migrations in flight, and returns its new position. Its {@code since} is ignored.
         *
         * @throws IOException if the new position is in effect but cannot be kept for the next start
         */
        HostSwitch turn(HostSwitch position) throws IOException;
    }

    private final Switch host;

    /** Creates the resource. */
    public SwitchResource(Switch host) {
        this.host = host;
    }

    /** The position of the switch. */
    @GET
    public HostSwitch get() {
        return host.hostSwitch();
    }

    /** Turns the switch; to turn it off needs a reason. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public HostSwitch put(
            @NotNull(message = "The body must be, for example, {\"enabled\":false,\"reason\":\"…\"}.")
                    HostSwitch position)
            throws IOException {
        return host.turn(position);
    }
}
