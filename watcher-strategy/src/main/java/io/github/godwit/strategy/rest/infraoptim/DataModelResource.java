package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.audit.HostParameters;
import io.github.godwit.strategy.audit.Scope;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.NovaFacts;
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
import java.util.Optional;

/** {@code /v1/data_model}: the cluster as audits see it. */
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
        Optional<NovaFacts> facts = api.cloud().facts();
        if (query.get("audit_uuid").isPresent()) {
            String uuid = Query.uuid(query.get("audit_uuid").get()).toString();
            Audit audit = api.stores()
                    .database()
                    .jdbi()
                    .withHandle(handle -> api.stores().audits().get(handle, uuid));
            cluster = Scope.of(HostParameters.scope(audit.scope(), api.cloud()::hostName), facts)
                    .of(cluster);
        }
        ObjectNode model = JsonNodeFactory.instance.objectNode();
        model.set("context", new DataModelRows(cluster, facts, api.cloud().novaHosts(), version).rows());
        return model;
    }
}
