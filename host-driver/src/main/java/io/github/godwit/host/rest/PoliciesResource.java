package io.github.godwit.host.rest;

import io.github.godwit.host.policy.PolicySets;
import io.github.godwit.hostapi.PolicySetVersion;
import io.github.godwit.model.select.PolicySet;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;

/** The route {@code /v1/policies}: the policies and rules that hold for migrations from this host. */
@Path("/v1/policies")
@Produces(MediaType.APPLICATION_JSON)
public final class PoliciesResource {

    private final PolicySets policies;

    PoliciesResource(PolicySets policies) {
        this.policies = policies;
    }

    /** The set that holds. */
    @GET
    public PolicySet get() {
        return policies.get();
    }

    /** Takes over a set: status 409 if it is older than the one that holds. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public PolicySetVersion put(@NotNull(message = "The body must be a policy set.") PolicySet set) throws IOException {
        return policies.receive(set);
    }
}
