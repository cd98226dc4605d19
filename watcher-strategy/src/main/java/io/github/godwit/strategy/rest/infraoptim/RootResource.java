package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.ApiVersion;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;

/** {@code /} and {@code /v1}: the versions and the resources. Clients of {@code /} that do not accept JSON get the page. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class RootResource {

    private static final String REFERENCE = "https://docs.openstack.org/api-ref/resource-optimization/";

    /** Lists the versions of the API. */
    @GET
    public JsonNode versions(@Context ContainerRequestContext request) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("name", "OpenStack Watcher API");
        root.put(
                "description",
                "Godwit: selects the live migration technique of each VM. Compatible with the API of Watcher.");
        root.putArray("versions").add(version(request));
        root.set("default_version", version(request));
        return root;
    }

    private static ObjectNode version(ContainerRequestContext request) {
        ObjectNode version = JsonNodeFactory.instance.objectNode();
        version.put("id", "v1");
        version.put("status", "CURRENT");
        version.put("min_version", ApiVersion.LEAST.toString());
        version.put("max_version", ApiVersion.GREATEST.toString());
        version.putArray("links").addObject().put("rel", "self").put("href", Api.base(request) + "/v1/");
        return version;
    }

    /** Lists the resources of version 1. */
    @GET
    @Path("v1")
    public JsonNode resources(@Context ContainerRequestContext request) {
        String base = Api.base(request);
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("id", "v1");
        root.putArray("media_types")
                .addObject()
                .put("base", "application/json")
                .put("type", "application/vnd.openstack.watcher.v1+json");
        root.putArray("links")
                .add(JsonNodeFactory.instance.objectNode().put("rel", "self").put("href", base + "/v1/"))
                .add(JsonNodeFactory.instance
                        .objectNode()
                        .put("rel", "describedby")
                        .put("type", "text/html")
                        .put("href", REFERENCE));
        ApiVersion version = ApiVersion.of(request);
        List<String> names = new ArrayList<>(List.of(
                "audit_templates",
                "audits",
                "actions",
                "action_plans",
                "goals",
                "strategies",
                "scoring_engines",
                "services"));
        if (version.knows(ApiVersion.DATA_MODEL)) {
            names.add("data_model");
        }
        if (version.knows(ApiVersion.WEBHOOK)) {
            names.add("webhooks");
        }
        for (String name : names) {
            root.putArray(name)
                    .add(JsonNodeFactory.instance
                            .objectNode()
                            .put("rel", "self")
                            .put("href", "%s/v1/%s/".formatted(base, name)))
                    .add(JsonNodeFactory.instance
                            .objectNode()
                            .put("rel", "bookmark")
                            .put("href", "%s/%s/".formatted(base, name)));
        }
        return root;
    }
}
