package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.common.Times;
import io.github.godwit.strategy.objects.TrailEvent;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Query;
import io.github.godwit.strategy.store.TrailStore;
import io.github.godwit.strategy.trail.Cadf;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** {@code /godwit/v1/trail}: the audit trail. */
@Path("/" + TrailResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class TrailResource {

    static final String PATH = "godwit/v1/trail";

    private static final String TARGET = "target";
    private static final String USER = "user";
    private static final String SINCE = "since";

    private final Api api;

    /** Creates the resource. */
    public TrailResource(Api api) {
        this.api = api;
    }

    /** Lists the lines as CADF events, in the order in which they were written. */
    @GET
    public JsonNode list(@Context ContainerRequestContext request) {
        Query query = Query.of(request.getUriInfo(), TARGET, USER, SINCE);
        TrailStore.Filter filter = new TrailStore.Filter(
                query.get(TARGET).orElse(null),
                query.get(USER).orElse(null),
                query.get(SINCE)
                        .map(text -> Times.since(SINCE, text, api.clock().instant()))
                        .orElse(null));
        List<TrailEvent> page = api.trail().page(query.page(), filter);
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode events = list.putArray("events");
        page.forEach(line -> events.add(Cadf.of(line)));
        if (page.size() == query.page().limit()) {
            String marker = page.get(page.size() - 1).uuid().toString();
            list.put("next", "%s/%s?%s".formatted(Api.base(request), PATH, query.next(marker)));
        }
        return list;
    }
}
