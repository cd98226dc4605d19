package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Query;
import io.github.godwit.strategy.rest.WatcherJson;
import io.github.godwit.strategy.shadow.MigrationFilter;
import io.github.godwit.strategy.shadow.RecordedMigration;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** {@code /godwit/v1/migrations}: the migrations that have ended, whoever ordered them, with predicted and measured metrics. */
@Path("/godwit/v1/migrations")
@Produces(MediaType.APPLICATION_JSON)
public final class MigrationsResource {

    private static final String VM = "vm";
    private static final String HOST = "host";
    private static final String TECHNIQUE = "technique";
    private static final String STATE = "state";

    /** The list is neither sorted otherwise nor continued. */
    private static final List<String> REFUSED = List.of("marker", "sort_key", "sort_dir");

    private final Api api;

    /** Creates the resource. */
    public MigrationsResource(Api api) {
        this.api = api;
    }

    /**
     * Lists the latest {@code limit} migrations since {@code since} (of the last week without it), the latest first: those of {@code vm}, from or
     * to {@code host}, by {@code technique}, and with {@code state} as their end.
     */
    @GET
    public JsonNode list(@Context ContainerRequestContext request) {
        for (String name : REFUSED) {
            if (request.getUriInfo().getQueryParameters().containsKey(name)) {
                throw ServiceRefusal.invalid("Unknown argument: \"%s\"".formatted(name));
            }
        }
        Query query = Query.of(request.getUriInfo(), ReportResource.SINCE, VM, HOST, TECHNIQUE, STATE);
        MigrationFilter wanted = new MigrationFilter(
                query.get(VM).orElse(null),
                query.get(HOST).map(api.cloud()::hostName).orElse(null),
                one(query, TECHNIQUE, Technique.values(), Technique::id),
                one(query, STATE, Phase.values(), Phase::name));
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode migrations = list.putArray("migrations");
        api.recorded()
                .list(
                        ReportResource.since(query, api.clock().instant()),
                        wanted,
                        query.page().limit())
                .forEach(migration -> migrations.add(view(migration)));
        return list;
    }

    private static <T> T one(Query query, String name, T[] values, Function<T, String> title) {
        return query.get(name)
                .map(text -> Arrays.stream(values)
                        .filter(each -> title.apply(each).equalsIgnoreCase(text))
                        .findFirst()
                        .orElseThrow(() -> ServiceRefusal.invalid("There is no %s '%s'. Choose one of %s."
                                .formatted(
                                        name,
                                        text,
                                        String.join(
                                                ", ",
                                                Arrays.stream(values).map(title).toList())))))
                .orElse(null);
    }

    private static ObjectNode view(RecordedMigration migration) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", migration.id());
        view.put("at", migration.at().toString());
        view.put(VM, migration.vm());
        view.put("source", migration.source());
        view.put("destination", migration.destination());
        view.put(
                TECHNIQUE,
                migration.technique() == null ? null : migration.technique().id());
        view.put(STATE, migration.phase().name());
        view.put("error", migration.error());
        view.put("observed", migration.observed());
        view.set("predicted", WatcherJson.tree(migration.predicted()));
        view.set("measured", WatcherJson.tree(migration.measured()));
        view.put("perf_proxy", migration.perfProxy());
        view.put("incomparable", migration.incomparable());
        return view;
    }
}
