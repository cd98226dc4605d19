package io.github.godwit.host.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.WireJson;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/** The route {@code /v1/openapi.json}: the OpenAPI document of this API. */
@Path("/v1/openapi.json")
@Produces(MediaType.APPLICATION_JSON)
public final class OpenApiResource {

    private static final Map<String, Class<?>> ANSWERS = Map.of(
            "VmsResource.create", VmStatus.class,
            "MigrationsResource.start", MigrationStatus.class,
            "MigrationsResource.cancel", MigrationStatus.class,
            "MigrationsResource.events", MigrationEvent.class,
            "IncomingResource.prepare", IncomingTicket.class);

    private final String version;

    OpenApiResource(String version) {
        this.version = version;
    }

    /** The document; generated for each request, because requests are rare and a cached document would use memory. */
    @GET
    public ObjectNode get() {
        return document(version);
    }

    static ObjectNode document(String version) {
        return OpenApi.of(
                WireJson.strictMapper(),
                version,
                List.of(
                        HostResource.class,
                        VmsResource.class,
                        MigrationsResource.class,
                        IncomingResource.class,
                        SwitchResource.class,
                        MetricsResource.class,
                        PoliciesResource.class,
                        OpenApiResource.class),
                ANSWERS);
    }
}
