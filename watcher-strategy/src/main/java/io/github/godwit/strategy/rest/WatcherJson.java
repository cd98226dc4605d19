package io.github.godwit.strategy.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.catalog.Goal;
import io.github.godwit.strategy.catalog.Indicator;
import io.github.godwit.strategy.catalog.ScoringEngine;
import io.github.godwit.strategy.catalog.StrategyType;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionSummary;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.objects.AuditTemplate;
import io.github.godwit.strategy.store.ServiceStore.Service;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Function;

/**
 * Converts stored objects to the JSON of Watcher's API. Fields that are newer than the microversion of the request are left out.
 */
public final class WatcherJson {

    /** A service whose last heartbeat is older than this has failed; the default of Watcher's {@code service_down_time}. */
    private static final Duration SERVICE_DOWN = Duration.ofSeconds(90);

    private static final DateTimeFormatter WITH_ZONE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter WITHOUT_ZONE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private final Catalog catalog;
    private final Clock clock;
    private final String base;
    private final ApiVersion version;

    /**
     * @param base    scheme, host and port that the client used, without a slash
     * @param version microversion of the request
     */
    WatcherJson(Catalog catalog, Clock clock, String base, ApiVersion version) {
        this.catalog = catalog;
        this.clock = clock;
        this.base = base;
        this.version = version;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String zoned(Instant time) {
        return time == null ? null : WITH_ZONE.format(time);
    }

    /** Formats a time in UTC without an offset, as Watcher formats some of its times; null for null. */
    public static String naive(Instant time) {
        return time == null ? null : WITHOUT_ZONE.format(time);
    }

    private ArrayNode links(String resource, Object id) {
        ArrayNode links = JsonNodeFactory.instance.arrayNode();
        links.addObject().put("rel", "self").put("href", "%s/v1/%s/%s".formatted(base, resource, id));
        links.addObject().put("rel", "bookmark").put("href", "%s/%s/%s".formatted(base, resource, id));
        return links;
    }

    /**
     * Returns a page of a list, with a link to the next page if this one is full.
     *
     * @param name  name of the member that holds the items
     * @param path  path of the list below {@code /v1/}
     * @param items the items of the page
     * @param query the query parameters of the request
     * @param view  converts an item
     * @param id    returns the marker of an item
     */
    public <T> ObjectNode collection(
            String name,
            String path,
            List<T> items,
            Query query,
            Function<T, ObjectNode> view,
            Function<T, Object> id) {
        ObjectNode collection = object();
        ArrayNode array = collection.putArray(name);
        items.forEach(item -> array.add(view.apply(item)));
        if (items.size() == query.page().limit()) {
            String marker = id.apply(items.get(items.size() - 1)).toString();
            collection.put("next", "%s/v1/%s?%s".formatted(base, path, query.next(marker)));
        }
        return collection;
    }

    private static void times(ObjectNode view, Instant created, Instant updated) {
        view.put("created_at", zoned(created));
        view.put("updated_at", zoned(updated));
        view.putNull("deleted_at");
    }

    private void goal(ObjectNode view, String goal) {
        view.put("goal_uuid", catalog.goal(goal).uuid().toString());
        view.put("goal_name", goal);
    }

    private void strategy(ObjectNode view, String strategy) {
        view.put(
                "strategy_uuid",
                catalog.findStrategy(strategy == null ? "" : strategy)
                        .map(found -> found.uuid().toString())
                        .orElse(null));
        view.put("strategy_name", strategy);
    }

    /** Converts a goal. */
    public ObjectNode goal(Goal goal, boolean detail) {
        ObjectNode view = object();
        view.put("uuid", goal.uuid().toString());
        view.put("name", goal.name());
        view.put("display_name", goal.displayName());
        view.set("efficacy_specification", specification(goal.indicators()));
        view.set("links", links("goals", goal.uuid()));
        if (detail) {
            times(view, null, null);
        }
        return view;
    }

    private static ArrayNode specification(List<Indicator> indicators) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Indicator indicator : indicators) {
            ObjectNode entry = array.addObject();
            entry.put("name", indicator.name());
            entry.put("description", indicator.description());
            entry.put("unit", indicator.unit());
            entry.put("schema", "Range(min=0, max=None, msg=None)");
        }
        return array;
    }

    /** Converts a strategy. */
    public ObjectNode strategy(StrategyType strategy, boolean detail) {
        ObjectNode view = object();
        view.put("uuid", strategy.uuid().toString());
        view.put("name", strategy.name());
        view.put("display_name", strategy.displayName());
        goal(view, strategy.goal());
        view.set("parameters_spec", strategy.parameters());
        view.set("links", links("strategies", strategy.uuid()));
        if (detail) {
            times(view, null, null);
        }
        return view;
    }

    /** Converts a scoring engine, which has no times in Watcher's API either. */
    public ObjectNode scoringEngine(ScoringEngine engine, boolean detail) {
        ObjectNode view = object();
        view.put("uuid", engine.uuid().toString());
        view.put("name", engine.name());
        view.put("description", engine.description());
        view.set("links", links("scoring_engines", engine.uuid()));
        if (detail) {
            view.put("metainfo", engine.metainfo());
        }
        return view;
    }

    /** Converts a service; it is FAILED if its last heartbeat is too old. */
    public ObjectNode service(Service service, boolean detail) {
        ObjectNode view = object();
        boolean alive = service.lastSeenUp().plus(SERVICE_DOWN).isAfter(clock.instant());
        view.put("id", service.id());
        view.put("name", service.name());
        view.put("host", service.host());
        view.put("status", alive ? "ACTIVE" : "FAILED");
        view.set("links", links("services", service.id()));
        if (detail) {
            view.put("last_seen_up", naive(service.lastSeenUp()));
            times(view, service.createdAt(), service.lastSeenUp());
        }
        return view;
    }

    /** Converts an audit template. */
    public ObjectNode template(AuditTemplate template) {
        ObjectNode view = object();
        view.put("uuid", template.uuid().toString());
        view.put("name", template.name());
        view.put("description", template.description());
        goal(view, template.goal());
        strategy(view, template.strategy());
        view.set("scope", template.scope());
        if (version.knows(ApiVersion.DEFAULT_PARAMETERS)) {
            view.set("default_parameters", template.defaultParameters());
        }
        view.set("links", links("audit_templates", template.uuid()));
        times(view, template.createdAt(), template.updatedAt());
        return view;
    }

    /** Converts an audit. */
    public ObjectNode audit(Audit audit, boolean detail) {
        ObjectNode view = object();
        view.put("uuid", audit.uuid().toString());
        view.put("name", audit.name());
        view.put("audit_type", audit.type().name());
        view.put("state", audit.state().name());
        goal(view, audit.goal());
        strategy(view, audit.strategy());
        view.put("interval", audit.interval());
        view.set("scope", audit.scope());
        view.put("auto_trigger", audit.autoTrigger());
        view.put("next_run_time", naive(audit.nextRun()));
        view.set("links", links("audits", audit.uuid()));
        if (!detail) {
            return view;
        }
        view.set("parameters", audit.parameters());
        view.put("hostname", audit.hostname());
        if (version.knows(ApiVersion.START_END_TIME)) {
            view.put("start_time", naive(audit.startTime()));
            view.put("end_time", naive(audit.endTime()));
        }
        if (version.knows(ApiVersion.FORCE)) {
            view.put("force", audit.force());
        }
        if (version.knows(ApiVersion.SKIPPED_ACTION)) {
            view.put("status_message", audit.statusMessage());
        }
        times(view, audit.createdAt(), audit.updatedAt());
        return view;
    }

    /** Converts an action plan. */
    public ObjectNode plan(ActionPlan plan, boolean detail) {
        ObjectNode view = object();
        view.put("uuid", plan.uuid().toString());
        view.put("state", plan.state().name());
        view.put("audit_uuid", plan.auditUuid().toString());
        strategy(view, plan.strategy());
        view.set("efficacy_indicators", plan.efficacyIndicators());
        view.set("global_efficacy", plan.globalEfficacy());
        view.put("updated_at", zoned(plan.updatedAt()));
        view.set("links", links("action_plans", plan.uuid()));
        if (detail) {
            view.put("hostname", plan.hostname());
            if (version.knows(ApiVersion.SKIPPED_ACTION)) {
                view.put("status_message", plan.statusMessage());
            }
            times(view, plan.createdAt(), plan.updatedAt());
        }
        return view;
    }

    /** Converts what lists show of an action. */
    public ObjectNode action(ActionSummary action) {
        ObjectNode view = object();
        view.put("uuid", action.uuid().toString());
        view.put("state", action.state().name());
        view.put("action_plan_uuid", action.planUuid().toString());
        view.put("action_type", action.type());
        ArrayNode parents = view.putArray("parents");
        action.parents().forEach(parent -> parents.add(parent.toString()));
        view.set("links", links("actions", action.uuid()));
        return view;
    }

    /** Converts an action with all fields. */
    public ObjectNode action(Action action) {
        ObjectNode view = action(ActionSummary.of(action));
        view.put("description", action.description());
        view.set("input_parameters", action.parameters());
        if (version.knows(ApiVersion.SKIPPED_ACTION)) {
            view.put("status_message", action.statusMessage());
        }
        times(view, action.createdAt(), action.updatedAt());
        return view;
    }

    /** Returns the URL of a created object, for the header {@code Location}. */
    public static String location(String base, String resource, JsonNode view) {
        return "%s/v1/%s/%s".formatted(base, resource, view.path("uuid").asText());
    }

    /** Converts a record of the model to JSON. */
    public static JsonNode tree(Object value) {
        return Texts.mapper().valueToTree(value);
    }
}
