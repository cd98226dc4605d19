package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.common.Texts;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code /godwit/v1/openapi.json}: the OpenAPI document. */
@Path("/godwit/v1/openapi.json")
public final class ServiceOpenApiResource {

    private final JsonNode document = document(Texts.yamlResource(ServiceOpenApiResource.class, "openapi.yaml"));

    private static JsonNode document(JsonNode written) {
        TextRule.resolve(written);
        return written;
    }

    /** Returns the OpenAPI document of the routes that are not part of Watcher's API. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public JsonNode document() {
        return document;
    }
}
