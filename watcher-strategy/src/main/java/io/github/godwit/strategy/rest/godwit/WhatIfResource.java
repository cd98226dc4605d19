package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.PlannedMoves;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Query;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Objects;

/** {@code /godwit/v1/action_plans/{uuid}/what_if}: what the hosts carry now, and after what is left of a plan. */
@Path("/godwit/v1/action_plans/{uuid}/what_if")
@Produces(MediaType.APPLICATION_JSON)
public final class WhatIfResource {

    private final Api api;

    /** Creates the resource. */
    public WhatIfResource(Api api) {
        this.api = api;
    }

    /**
     * Returns load, traffic and number of VMs of each host, now and as predicted after the migrations of the plan that have not ended.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    @GET
    public JsonNode get(@PathParam("uuid") String uuid) throws InterruptedException {
        String id = Query.uuid(uuid).toString();
        List<Action> actions = api.stores().database().jdbi().withHandle(handle -> {
            ActionPlan plan = api.stores().plans().plan(handle, id);
            return api.stores().plans().actionsOf(handle, plan.uuid());
        });
        ClusterModel now = api.cloud().read();
        PlannedMoves moves = PlannedMoves.of(
                now,
                actions.stream()
                        .filter(action -> "migrate".equals(action.type())
                                && !action.state().isFinal())
                        .map(WhatIfResource::move)
                        .filter(Objects::nonNull)
                        .toList());
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("action_plan_uuid", id);
        view.put("moves", moves.moved());
        ArrayNode hosts = view.putArray("hosts");
        now.hosts().forEach(host -> hosts.add(view(host, now, moves.after())));
        ArrayNode notes = view.putArray("notes");
        moves.notes().forEach(notes::add);
        return view;
    }

    private static PlannedMoves.Target move(Action action) {
        JsonNode input = action.parameters();
        return input.hasNonNull("resource_id") && input.hasNonNull("destination_node")
                ? new PlannedMoves.Target(
                        input.get("resource_id").asText(),
                        input.get("destination_node").asText())
                : null;
    }

    private static ObjectNode view(ClusterHost host, ClusterModel now, ClusterModel after) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("name", host.name());
        view.set("now", load(host, now));
        view.set("after", load(after.host(host.name()), after));
        return view;
    }

    private static ObjectNode load(ClusterHost host, ClusterModel cluster) {
        HostProfile profile = host.profile();
        ObjectNode load = JsonNodeFactory.instance.objectNode();
        load.put("cpu_load", profile.cpuLoad());
        load.put("memory_load", profile.memoryLoad());
        load.put("in_bits_per_second", profile.traffic().in().bitsPerSecond());
        load.put("out_bits_per_second", profile.traffic().out().bitsPerSecond());
        load.put("vms", cluster.vmsOn(host.name()).size());
        return load;
    }
}
