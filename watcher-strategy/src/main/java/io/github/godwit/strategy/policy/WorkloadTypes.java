package io.github.godwit.strategy.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.traffic.ProjectBounds;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.model.traffic.TrafficForm;
import io.github.godwit.model.traffic.WorkloadType;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.TrafficClassStore;
import io.github.godwit.strategy.store.TrafficClassStore.Version;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * The traffic classes with their SLA bounds: those that ship, and those that operators changed or added, and other bounds for single
 * projects. An added class is tried before those that ship. A change that leaves some traffic without a class is refused.
 */
public final class WorkloadTypes implements Supplier<TrafficClasses> {

    private final Database database;
    private final TrafficClassStore store;

    /** Reads and writes this database; takes the times of changes from the clock. */
    public WorkloadTypes(Database database, Clock clock) {
        this.database = database;
        this.store = new TrafficClassStore(clock);
    }

    /** The newest version of each class and of each project's bounds. */
    @Override
    public TrafficClasses get() {
        return database.jdbi().inTransaction(this::get);
    }

    private TrafficClasses get(Handle handle) {
        Map<String, WorkloadType> added = new LinkedHashMap<>();
        Map<String, WorkloadType> shipped = new LinkedHashMap<>();
        TrafficClasses.shipped().types().forEach(type -> shipped.put(type.name(), type));
        Map<String, ProjectBounds> projects = new LinkedHashMap<>();
        for (Version row : store.current(handle)) {
            if (row.project().equals(TrafficClassStore.NO_PROJECT)) {
                (shipped.containsKey(row.name()) ? shipped : added).put(row.name(), type(row));
            } else {
                projects.put(row.name() + " " + row.project(), project(row));
            }
        }
        List<WorkloadType> types = new ArrayList<>(added.values());
        types.addAll(shipped.values());
        return new TrafficClasses(store.changes(handle), types, List.copyOf(projects.values()));
    }

    /**
     * The newest version of a class.
     *
     * @throws ServiceRefusal if there is no class of this name
     */
    public WorkloadType get(String name) {
        return find(get(), name);
    }

    private static WorkloadType find(TrafficClasses classes, String name) {
        return classes.find(name)
                .orElseThrow(() -> ServiceRefusal.notFound("There is no traffic class '%s'. Choose one of %s."
                        .formatted(
                                name,
                                String.join(
                                        ", ",
                                        classes.types().stream()
                                                .map(WorkloadType::name)
                                                .toList()))));
    }

    /**
     * Adds a version to a class, or a new class.
     *
     * @param name the name of the class
     * @param body the class as JSON, in the form of the file of classes
     * @throws ServiceRefusal if the body is not a class, has another name, or leaves some traffic without a class
     */
    public WorkloadType put(String name, JsonNode body) {
        TextRule.TRAFFIC_CLASS.check(body);
        WorkloadType sent = read(body, TrafficForm::type);
        if (!name.equals(sent.name())) {
            throw ServiceRefusal.invalid(
                    "The body has the name '%s', the URL has '%s'. Send the class to the URL of its name."
                            .formatted(sent.name(), name));
        }
        return database.jdbi().inTransaction(handle -> {
            Version added = store.add(handle, name, TrafficClassStore.NO_PROJECT, body);
            requireCover(handle, "With this change");
            return type(added);
        });
    }

    /**
     * Deletes the versions that operators stored: a class that ships returns to its shipped version, another one is deleted together
     * with the bounds of projects in it.
     *
     * @throws ServiceRefusal if there are no such versions, or if some traffic would be left without a class
     */
    public void delete(String name) {
        boolean ships = TrafficClasses.shipped().find(name).isPresent();
        database.jdbi().useTransaction(handle -> {
            boolean deleted =
                    ships ? store.delete(handle, name, TrafficClassStore.NO_PROJECT) : store.deleteAll(handle, name);
            if (!deleted && ships) {
                throw ServiceRefusal.conflict(
                        "Traffic class '%s' ships with Godwit and was not changed. It cannot be deleted."
                                .formatted(name));
            }
            if (!deleted) {
                throw ServiceRefusal.notFound("There is no traffic class '%s'.".formatted(name));
            }
            requireCover(handle, "Without it");
        });
    }

    private void requireCover(Handle handle, String condition) {
        get(handle).gap().ifPresent(gap -> {
            throw ServiceRefusal.conflict(
                    "%s, no class covers %s. Change or add another class first.".formatted(condition, gap));
        });
    }

    /**
     * Adds a version to the bounds that a project has in a class.
     *
     * @param body has the member {@code bounds}
     * @throws ServiceRefusal if there is no such class, or the body has no such bounds
     */
    public ProjectBounds put(String name, String project, JsonNode body) {
        TextRule.PROJECT.check(project);
        TextRule.TRAFFIC_CLASS.check(body);
        read(body.path(TrafficForm.BOUNDS), form -> new ProjectBounds(name, project, 0, TrafficForm.bounds(form)));
        return database.jdbi().inTransaction(handle -> {
            find(get(handle), name);
            return project(store.add(handle, name, project, body));
        });
    }

    /**
     * Deletes the bounds that a project has in a class; those of the class hold again.
     *
     * @throws ServiceRefusal if there are none
     */
    public void delete(String name, String project) {
        if (project.isBlank() || !database.jdbi().inTransaction(handle -> store.delete(handle, name, project))) {
            throw ServiceRefusal.notFound(
                    "Project '%s' has no bounds of its own in traffic class '%s'.".formatted(project, name));
        }
    }

    private static WorkloadType type(Version row) {
        ObjectNode body = row.body().deepCopy();
        return read(body.put("version", row.version()), TrafficForm::type);
    }

    private static ProjectBounds project(Version row) {
        return read(
                row.body().path(TrafficForm.BOUNDS),
                form -> new ProjectBounds(row.name(), row.project(), row.version(), TrafficForm.bounds(form)));
    }

    private static <T> T read(JsonNode body, Function<Object, T> form) {
        try {
            return form.apply(Texts.mapper().convertValue(body, Object.class));
        } catch (IllegalArgumentException e) {
            throw ServiceRefusal.invalid(e.getMessage());
        }
    }
}
