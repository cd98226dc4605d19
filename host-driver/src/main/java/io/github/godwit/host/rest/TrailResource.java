package io.github.godwit.host.rest;

import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.hostapi.trail.TrailLine;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;

/** The route {@code /v1/trail}: who had this host driver do what. */
@Path("/v1/trail")
@Produces(MediaType.APPLICATION_JSON)
public final class TrailResource {

    private final HostTrail trail;

    TrailResource(HostTrail trail) {
        this.trail = trail;
    }

    /** The latest lines, the oldest first; with {@code after=UUID} those that follow that one, if it is still known. */
    @GET
    public List<TrailLine> get(@QueryParam("after") UUID after) {
        return trail.latest(after);
    }
}
