package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.audit.Audits;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.objects.AuditRequest;
import io.github.godwit.strategy.objects.AuditState;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /v1/audits}: audits. */
@Path("/v1/audits")
@Produces(MediaType.APPLICATION_JSON)
public final class AuditsResource {

    private static final Set<String> PATCHABLE =
            Set.of("name", "state", "parameters", "interval", "auto_trigger", "force", "start_time", "end_time");

    private final Api api;

    /** Creates the resource. */
    public AuditsResource(Api api) {
        this.api = api;
    }

    /** Lists audits with their main fields. */
    @GET
    public JsonNode list(@Context ContainerRequestContext request) {
        return list(request, "audits", false);
    }

    /** Lists audits with all fields. */
    @GET
    @Path("detail")
    public JsonNode detail(@Context ContainerRequestContext request) {
        return list(request, "audits/detail", true);
    }

    private JsonNode list(ContainerRequestContext request, String path, boolean detail) {
        Query query = Query.of(request.getUriInfo(), "goal", "strategy");
        WatcherJson views = api.views(request);
        Map<String, Object> filters = CatalogFilters.of(api.catalog(), query);
        List<Audit> page = api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().audits().page(handle, query.page(), filters));
        return views.collection("audits", path, page, query, item -> views.audit(item, detail), Audit::uuid);
    }

    /** Returns an audit. */
    @GET
    @Path("{identity}")
    public JsonNode get(@Context ContainerRequestContext request, @PathParam("identity") String identity) {
        Query.none(request.getUriInfo());
        return api.views(request).audit(find(identity), true);
    }

    private Audit find(String identity) {
        return api.stores()
                .database()
                .jdbi()
                .withHandle(handle -> api.stores().audits().get(handle, identity));
    }

    /** Creates an audit. */
    @POST
    public Response create(@Context ContainerRequestContext request, InputStream stream) throws IOException {
        JsonNode body = RequestBody.object(
                stream,
                "name",
                "audit_template_uuid",
                "goal",
                "strategy",
                "audit_type",
                "parameters",
                "interval",
                "auto_trigger",
                "start_time",
                "end_time",
                "force");
        ApiVersion version = ApiVersion.of(request);
        boolean timed = body.hasNonNull("start_time") || body.hasNonNull("end_time");
        if (timed && !version.knows(ApiVersion.START_END_TIME)) {
            throw ServiceRefusal.notAcceptable("Request not acceptable.");
        }
        String type = RequestBody.text(body, "audit_type");
        if (type == null) {
            throw ServiceRefusal.invalid(
                    "Invalid input for field/attribute audit_type. Value: 'None'. Mandatory field missing.");
        }
        Audit audit = api.audits()
                .create(new AuditRequest(
                        RequestBody.text(body, "name"),
                        RequestBody.text(body, "audit_template_uuid"),
                        RequestBody.text(body, "goal"),
                        RequestBody.text(body, "strategy"),
                        type,
                        RequestBody.json(body, "parameters"),
                        RequestBody.textOrNumber(body, "interval"),
                        RequestBody.flag(body, "auto_trigger"),
                        RequestBody.time(body, "start_time"),
                        RequestBody.time(body, "end_time"),
                        RequestBody.flag(body, "force")));
        ObjectNode view = api.views(request).audit(audit, true);
        return Response.created(URI.create(WatcherJson.location(Api.base(request), "audits", view)))
                .entity(view)
                .build();
    }

    /** Changes an audit by a JSON patch. */
    @PATCH
    @Path("{identity}")
    public JsonNode patch(
            @Context ContainerRequestContext request, @PathParam("identity") String identity, InputStream stream)
            throws IOException {
        JsonNode patch = Patches.read(stream);
        Patches.throwUnlessOnly(patch, PATCHABLE);
        Audit before = find(identity);
        TrailNotes.target(request, before.uuid());
        JsonNode state = Patches.value(patch, "state");
        if (state != null) {
            Patches.noteState(request, state);
            throwUnlessAllowed(before, state);
        }
        ObjectNode after = Patches.apply(patch, document(before));
        Audit changed = new Audit(
                before.id(),
                before.uuid(),
                RequestBody.required(after, "name"),
                before.type(),
                AuditState.valueOf(RequestBody.required(after, "state")),
                before.goal(),
                before.strategy(),
                after.path("parameters"),
                RequestBody.textOrNumber(after, "interval"),
                before.scope(),
                RequestBody.flag(after, "auto_trigger"),
                RequestBody.flag(after, "force"),
                before.nextRunTime(),
                Patches.touches(patch, "start_time") ? RequestBody.time(after, "start_time") : before.startTime(),
                Patches.touches(patch, "end_time") ? RequestBody.time(after, "end_time") : before.endTime(),
                before.hostname(),
                before.statusMessage(),
                before.createdAt(),
                before.updatedAt());
        return api.views(request).audit(api.audits().update(before, changed), true);
    }

    private static void throwUnlessAllowed(Audit before, JsonNode state) {
        AuditState requested = Arrays.stream(AuditState.values())
                .filter(known -> known.name().equals(state.asText()))
                .findFirst()
                .orElseThrow(() -> Audits.notAllowed(before.state(), state.asText()));
        if (!before.state().mayBecome(requested) || requested == AuditState.DELETED) {
            throw Audits.notAllowed(before.state(), requested);
        }
    }

    private static ObjectNode document(Audit audit) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("name", audit.name());
        document.put("state", audit.state().name());
        document.set("parameters", audit.parameters().deepCopy());
        document.put("interval", audit.interval());
        document.put("auto_trigger", audit.autoTrigger());
        document.put("force", audit.force());
        document.put("start_time", WatcherJson.naive(audit.startTime()));
        document.put("end_time", WatcherJson.naive(audit.endTime()));
        return document;
    }

    /** Archives an audit. */
    @DELETE
    @Path("{identity}")
    public void delete(@Context ContainerRequestContext request, @PathParam("identity") String identity) {
        TrailNotes.target(request, api.audits().delete(identity));
    }
}
