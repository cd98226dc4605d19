package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.select.PolicyForm;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.strategy.objects.StoredPolicy;
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
import java.util.List;

/** {@code /godwit/v1/policies}: SLO policies, which can be changed at run time. */
@Path("/godwit/v1/policies")
@Produces(MediaType.APPLICATION_JSON)
public final class PoliciesResource {

    private final Api api;

    /** Creates the resource. */
    public PoliciesResource(Api api) {
        this.api = api;
    }

    /** Lists the newest version of each policy, the version of the whole set, and the hosts that lack it and why. */
    @GET
    public JsonNode list() {
        ObjectNode list = list(api.policies().all());
        PolicySet set = api.policySet().get();
        list.putObject("policy_set")
                .put("version", set.version())
                .set("changed_at", set.wasChanged() ? WatcherJson.tree(set.changedAt()) : null);
        ArrayNode without = list.putArray("hosts_without");
        api.cloud()
                .withoutPolicies()
                .forEach(host -> without.addObject().put("what", host.what()).put("reason", host.reason()));
        return list;
    }

    private static ObjectNode list(List<StoredPolicy> policies) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode array = list.putArray("policies");
        policies.forEach(policy -> array.add(view(policy)));
        return list;
    }

    private static ObjectNode view(StoredPolicy stored) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.setAll((ObjectNode) WatcherJson.tree(stored.policy()));
        view.put("version", stored.policy().version());
        view.set("created_at", WatcherJson.tree(stored.createdAt()));
        return view;
    }

    /** Returns the newest version of a policy. */
    @GET
    @Path("{name}")
    public JsonNode get(@PathParam("name") String name) {
        return view(api.policies().get(name));
    }

    /** Lists all versions of a policy, oldest first. */
    @GET
    @Path("{name}/versions")
    public JsonNode versions(@PathParam("name") String name) {
        return list(api.policies().versions(name));
    }

    /**
     * Stores the next version of a policy, or a new policy.
     *
     * @throws IOException if the body cannot be received, or is not JSON
     */
    @PUT
    @Path("{name}")
    public JsonNode put(@PathParam("name") String name, InputStream stream) throws IOException {
        StoredPolicy stored =
                api.policies().put(name, RequestBody.object(stream, PolicyForm.KEYS.toArray(String[]::new)));
        api.policiesChanged().run();
        return view(stored);
    }

    /** Deletes the stored versions of a policy; a shipped policy reverts to its shipped version. */
    @DELETE
    @Path("{name}")
    public void delete(@PathParam("name") String name) {
        api.policies().delete(name);
        api.policiesChanged().run();
    }
}
