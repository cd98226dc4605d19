package io.github.godwit.host.rest;

import io.github.godwit.host.access.ForPeers;
import io.github.godwit.host.load.ThisHost;
import io.github.godwit.hostapi.HostStatus;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/** The route {@code /v1/host}: the state of this host. */
@Path("/v1/host")
@Produces(MediaType.APPLICATION_JSON)
public final class HostResource {

    private final ThisHost host;

    HostResource(ThisHost host) {
        this.host = host;
    }

    /**
     * The current state of this host.
     *
     * @param peer IP address of another host: the link and the traffic are then those of the NIC towards it; anything else stands for the
     *             usual NIC
     */
    @GET
    @ForPeers
    public HostStatus get(@QueryParam("peer") @DefaultValue("") String peer) {
        return peer.isEmpty() ? host.get() : host.towards(peer);
    }
}
