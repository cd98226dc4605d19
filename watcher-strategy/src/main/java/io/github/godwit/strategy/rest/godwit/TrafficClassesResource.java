package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.traffic.ProjectBounds;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.model.traffic.TrafficForm;
import io.github.godwit.model.traffic.WorkloadType;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.RequestBody;
import io.github.godwit.strategy.rest.WatcherJson;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;

/** {@code /godwit/v1/traffic_classes}: workload classes by traffic with their SLA bounds, which can be changed at run time. */
@Path("/godwit/v1/traffic_classes")
@Produces(MediaType.APPLICATION_JSON)
public final class TrafficClassesResource {

    private final Api api;

    /** Creates the resource. */
    public TrafficClassesResource(Api api) {
        this.api = api;
    }

    /** Lists the newest version of each class, in the order in which they are tried, and the version of all together. */
    @GET
    public JsonNode list() {
        TrafficClasses classes = api.trafficClasses().get();
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode array = list.putArray(TrafficForm.CLASSES);
        classes.types().forEach(type -> array.add(view(type, classes)));
        return list.put("version", classes.version());
    }

    private static ObjectNode view(WorkloadType type, TrafficClasses classes) {
        ObjectNode view = (ObjectNode) WatcherJson.tree(TrafficForm.write(type));
        ArrayNode projects = view.putArray("projects");
        classes.projects().stream()
                .filter(each -> each.type().equals(type.name()))
                .forEach(each -> projects.add(view(each)));
        return view;
    }

    private static ObjectNode view(ProjectBounds bounds) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("project", bounds.project());
        view.put("version", bounds.version());
        view.set(TrafficForm.BOUNDS, WatcherJson.tree(TrafficForm.write(bounds.bounds())));
        return view;
    }

    /** Returns the newest version of a class. */
    @GET
    @Path("{name}")
    public JsonNode get(@PathParam("name") String name) {
        return view(api.trafficClasses().get(name), api.trafficClasses().get());
    }

    /**
     * Stores the next version of a class, or a new class.
     *
     * @throws IOException if the body cannot be received, or is not JSON
     */
    @PUT
    @Path("{name}")
    public JsonNode put(@PathParam("name") String name, InputStream stream) throws IOException {
        WorkloadType stored =
                api.trafficClasses().put(name, RequestBody.object(stream, TrafficForm.KEYS.toArray(String[]::new)));
        api.policiesChanged().run();
        return view(stored, api.trafficClasses().get());
    }

    /** Deletes the stored versions of a class; a shipped class reverts to its shipped version. */
    @DELETE
    @Path("{name}")
    public void delete(@PathParam("name") String name) {
        api.trafficClasses().delete(name);
        api.policiesChanged().run();
    }

    /**
     * Stores the next version of the bounds of a project in a class.
     *
     * @throws IOException if the body cannot be received, or is not JSON
     */
    @PUT
    @Path("{name}/projects/{project}")
    public JsonNode put(@PathParam("name") String name, @PathParam("project") String project, InputStream stream)
            throws IOException {
        ProjectBounds stored = api.trafficClasses().put(name, project, RequestBody.object(stream, TrafficForm.BOUNDS));
        api.policiesChanged().run();
        return view(stored);
    }

    /** Deletes the bounds of a project in a class; those of the class hold again. */
    @DELETE
    @Path("{name}/projects/{project}")
    public void delete(@PathParam("name") String name, @PathParam("project") String project) {
        api.trafficClasses().delete(name, project);
        api.policiesChanged().run();
    }
}
