package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.AuditTemplate;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.ApiVersion;
import io.github.godwit.strategy.rest.Query;
import io.github.godwit.strategy.rest.RequestBody;
import io.github.godwit.strategy.rest.TrailNotes;
import io.github.godwit.strategy.rest.WatcherJson;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** {@code /v1/audit_templates}: audit templates. */
@Path("/v1/audit_templates")
@Produces(MediaType.APPLICATION_JSON)
public final class AuditTemplatesResource {

    private final Api api;

    /** Creates the resource. */
    public AuditTemplatesResource(Api api) {
        this.api = api;
    }

    /** Lists audit templates. */
    @GET
    public JsonNode list(@Context ContainerRequestContext request) {
        return list(request, "audit_templates");
    }

    /** Lists audit templates; the same fields as the other list, as in Watcher. */
    @GET
    @Path("detail")
    public JsonNode detail(@Context ContainerRequestContext request) {
        return list(request, "audit_templates/detail");
    }

    private JsonNode list(ContainerRequestContext request, String path) {
        Query query = Query.of(request.getUriInfo(), "goal", "strategy");
        WatcherJson views = api.views(request);
        Map<String, Object> filters = CatalogFilters.of(api.catalog(), query);
        List<AuditTemplate> page = api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().templates().page(handle, query.page(), filters));
        return views.collection("audit_templates", path, page, query, views::template, AuditTemplate::uuid);
    }

    /** Returns an audit template. */
    @GET
    @Path("{identity}")
    public JsonNode get(@Context ContainerRequestContext request, @PathParam("identity") String identity) {
        Query.none(request.getUriInfo());
        return api.views(request).template(find(identity));
    }

    private AuditTemplate find(String identity) {
        return api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().templates().get(handle, identity));
    }

    /** Creates an audit template. */
    @POST
    public Response create(@Context ContainerRequestContext request, InputStream stream) throws IOException {
        JsonNode body =
                RequestBody.object(stream, "name", "description", "goal", "strategy", "scope", "default_parameters");
        if (body.hasNonNull("default_parameters")) {
            throwUnlessSupported(request);
        }
        AuditTemplate template = api.templates()
                .create(
                        RequestBody.text(body, "name"),
                        RequestBody.text(body, "description"),
                        RequestBody.text(body, "goal"),
                        RequestBody.text(body, "strategy"),
                        RequestBody.json(body, "scope"),
                        RequestBody.json(body, "default_parameters"));
        ObjectNode view = api.views(request).template(template);
        return Response.created(URI.create(WatcherJson.location(Api.base(request), "audit_templates", view)))
                .entity(view)
                .build();
    }

    private static void throwUnlessSupported(ContainerRequestContext request) {
        if (!ApiVersion.of(request).knows(ApiVersion.DEFAULT_PARAMETERS)) {
            throw ServiceRefusal.notAcceptable("Request not acceptable.");
        }
    }

    /** Changes an audit template by a JSON patch. */
    @PATCH
    @Path("{identity}")
    public JsonNode patch(
            @Context ContainerRequestContext request, @PathParam("identity") String identity, InputStream stream)
            throws IOException {
        JsonNode patch = Patches.read(stream);
        if (Patches.value(patch, "default_parameters") != null) {
            throwUnlessSupported(request);
        }
        AuditTemplate before = find(identity);
        TrailNotes.target(request, before.uuid());
        ObjectNode after = Patches.apply(patch, document(before));
        AuditTemplate changed = new AuditTemplate(
                before.id(),
                before.uuid(),
                RequestBody.required(after, "name"),
                RequestBody.text(after, "description"),
                RequestBody.required(after, "goal"),
                RequestBody.text(after, "strategy"),
                after.path("scope"),
                after.path("default_parameters"),
                before.createdAt(),
                before.updatedAt());
        return api.views(request).template(api.templates().update(before, changed));
    }

    private static ObjectNode document(AuditTemplate template) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("name", template.name());
        document.put("description", template.description());
        document.put("goal", template.goal());
        document.put("strategy", template.strategy());
        document.set("scope", template.scope().deepCopy());
        document.set("default_parameters", template.defaultParameters().deepCopy());
        return document;
    }

    /** Deletes an audit template. */
    @DELETE
    @Path("{identity}")
    public void delete(@Context ContainerRequestContext request, @PathParam("identity") String identity) {
        TrailNotes.target(request, api.templates().delete(identity));
    }
}
