package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.strategy.audit.Scope;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.ApiVersion;
import io.github.godwit.strategy.rest.Query;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** {@code /v1/data_model}: the cluster as audits see it, with a row for each VM and for each host without VMs. */
@Path("/v1/data_model")
@Produces(MediaType.APPLICATION_JSON)
public final class DataModelResource {

    private static final String TYPE = "data_model_type";

    private final Api api;

    /** Creates the resource. */
    public DataModelResource(Api api) {
        this.api = api;
    }

    /**
     * Reads the cluster, limited to the scope of an audit if {@code audit_uuid} is given.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    @GET
    public JsonNode get(@Context ContainerRequestContext request) throws InterruptedException {
        ApiVersion version = ApiVersion.of(request);
        if (!version.knows(ApiVersion.DATA_MODEL)) {
            throw ServiceRefusal.notAcceptable("Request not acceptable.");
        }
        Query query = Query.of(request.getUriInfo(), TYPE, "audit_uuid");
        String type = query.get(TYPE).orElse("compute");
        if (!"compute".equals(type)) {
            throw ServiceRefusal.notFound("The %s data model could not be found".formatted(type));
        }
        ClusterModel cluster = api.cloud().read();
        if (query.get("audit_uuid").isPresent()) {
            String uuid = Query.uuid(query.get("audit_uuid").get()).toString();
            Audit audit = api.stores()
                    .database()
                    .jdbi()
                    .withHandle(handle -> api.stores().audits().get(handle, uuid));
            cluster = Scope.of(audit.scope(), api.cloud().facts()).of(cluster);
        }
        ObjectNode model = JsonNodeFactory.instance.objectNode();
        ArrayNode rows = model.putArray("context");
        for (ClusterHost host : cluster.hosts()) {
            List<VmStatus> vms = cluster.vmsOn(host.name());
            for (VmStatus vm : vms) {
                ObjectNode row = rows.addObject();
                server(row, vm, cluster.rules().pinned().contains(vm.name()), version);
                node(row, host, cluster.rules().closed().contains(host.name()));
            }
            if (vms.isEmpty()) {
                node(rows.addObject(), host, cluster.rules().closed().contains(host.name()));
            }
        }
        return model;
    }

    private static void server(ObjectNode row, VmStatus vm, boolean excluded, ApiVersion version) {
        row.put("server_uuid", vm.name());
        row.put("server_name", vm.name());
        row.put("server_state", "running".equals(vm.state()) ? "active" : vm.state());
        row.put("server_watcher_exclude", excluded);
        row.put("server_vcpus", String.valueOf(vm.vcpus()));
        row.put(
                "server_memory",
                String.valueOf(Math.round(ClusterModel.promised(vm).mebibytes())));
        row.put("server_disk", "0");
        row.putObject("server_metadata");
        row.putNull("server_project_id");
        row.put("server_locked", false);
        if (version.knows(ApiVersion.EXTENDED_DATA_MODEL)) {
            row.putObject("server_flavor_extra_specs");
            row.put("server_pinned_az", "");
        }
    }

    private static void node(ObjectNode row, ClusterHost host, boolean disabled) {
        row.put("node_uuid", host.name());
        row.put("node_hostname", host.name());
        row.put("node_status", disabled ? "disabled" : "enabled");
        row.putNull("node_disabled_reason");
        row.put("node_state", "up");
        row.put("node_memory", String.valueOf(Math.round(host.profile().memory().mebibytes())));
        row.put("node_memory_mb_reserved", "0");
        row.put("node_memory_ratio", "1.0");
        row.put("node_disk", "0");
        row.put("node_disk_gb_reserved", "0");
        row.put("node_disk_ratio", "1.0");
        row.put("node_vcpus", String.valueOf(Math.round(host.profile().cores())));
        row.put("node_vcpu_reserved", "0");
        row.put("node_vcpu_ratio", "16.0");
    }
}
