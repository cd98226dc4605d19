package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Query;
import io.github.godwit.strategy.rest.WatcherJson;
import io.github.godwit.strategy.store.ServiceStore.Service;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** {@code /v1/services}: the instances of the service, each as a decision engine and an applier. */
@Path("/v1/services")
@Produces(MediaType.APPLICATION_JSON)
public final class ServicesResource {

    private final Api api;

    /** Creates the resource. */
    public ServicesResource(Api api) {
        this.api = api;
    }

    /** Lists services with their main fields. */
    @GET
    public JsonNode list(@Context ContainerRequestContext request) {
        return list(request, "services", false);
    }

    /** Lists services with all fields. */
    @GET
    @Path("detail")
    public JsonNode detail(@Context ContainerRequestContext request) {
        return list(request, "services/detail", true);
    }

    private JsonNode list(ContainerRequestContext request, String path, boolean detail) {
        Query query = Query.of(request.getUriInfo());
        WatcherJson views = api.views(request);
        List<Service> all = api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores()
                        .services()
                        .all(handle, query.page().sortKey(), query.page().descending()));
        List<Service> page = all.subList(0, Math.min(all.size(), query.page().limit()));
        return views.collection("services", path, page, query, item -> views.service(item, detail), Service::id);
    }

    /** Returns a service. */
    @GET
    @Path("{identity}")
    public JsonNode get(@Context ContainerRequestContext request, @PathParam("identity") String identity) {
        Query.none(request.getUriInfo());
        Service service = api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().services().get(handle, identity));
        return api.views(request).service(service, true);
    }
}
