package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.select.TechniqueRule;
import io.github.godwit.model.select.TechniqueRule.Scope;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.RequestBody;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** {@code /godwit/v1/technique_rules}: the techniques that projects and aggregates allow, which can be changed at run time. */
@Path("/godwit/v1/technique_rules")
@Produces(MediaType.APPLICATION_JSON)
public final class TechniqueRulesResource {

    private static final String ALLOW = "allow";
    private static final String FORBID = "forbid";

    private final Api api;

    /** Creates the resource. */
    public TechniqueRulesResource(Api api) {
        this.api = api;
    }

    /** Lists all rules. */
    @GET
    public JsonNode list() {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode array = list.putArray("technique_rules");
        api.rules().all().forEach(rule -> array.add(view(rule)));
        return list;
    }

    private static ObjectNode view(TechniqueRule rule) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("scope", rule.scope().toString());
        view.put("name", rule.name());
        ArrayNode allow = view.putArray(ALLOW);
        rule.allow().forEach(technique -> allow.add(technique.id()));
        ArrayNode forbid = view.putArray(FORBID);
        rule.forbid().forEach(technique -> forbid.add(technique.id()));
        return view;
    }

    /** Returns the rule for a project or an aggregate. */
    @GET
    @Path("{scope}/{name}")
    public JsonNode get(@PathParam("scope") String scope, @PathParam("name") String name) {
        return view(api.rules().get(scope(scope), name));
    }

    /**
     * Stores the rule for a project or an aggregate.
     *
     * @throws IOException if the body cannot be received, or is not JSON
     */
    @PUT
    @Path("{scope}/{name}")
    public JsonNode put(@PathParam("scope") String scope, @PathParam("name") String name, InputStream stream)
            throws IOException {
        JsonNode body = RequestBody.object(stream, ALLOW, FORBID);
        TextRule.TECHNIQUE_RULE_NAME.check(name);
        TechniqueRule rule;
        try {
            rule = new TechniqueRule(scope(scope), name, Set.of(), techniques(body, ALLOW), techniques(body, FORBID));
        } catch (IllegalArgumentException e) {
            throw ServiceRefusal.invalid(e.getMessage());
        }
        api.rules().put(rule);
        api.policiesChanged().run();
        return view(rule);
    }

    /** Deletes the rule for a project or an aggregate. */
    @DELETE
    @Path("{scope}/{name}")
    public void delete(@PathParam("scope") String scope, @PathParam("name") String name) {
        api.rules().delete(scope(scope), name);
        api.policiesChanged().run();
    }

    private static Scope scope(String text) {
        return Arrays.stream(Scope.values())
                .filter(scope -> scope.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> ServiceRefusal.notFound(
                        "There are no technique rules for a '%s'. Choose one of project, aggregate.".formatted(text)));
    }

    private static Set<Technique> techniques(JsonNode body, String key) {
        Set<Technique> techniques = EnumSet.noneOf(Technique.class);
        JsonNode ids = body.path(key);
        if (!ids.isArray() && !ids.isMissingNode() && !ids.isNull()) {
            throw new IllegalArgumentException("'%s' (%s) must be a list of techniques.".formatted(key, ids));
        }
        ids.forEach(id -> techniques.add(Technique.parse(id.asText())));
        return techniques;
    }
}
