package io.github.godwit.host.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.ApiError;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Generates the OpenAPI 3.1 document of this API by reflection, from the resource classes and the records that they use. */
final class OpenApi {

    private static final String JSON_TYPE = "application/json";

    private final ObjectNode document;
    private final JsonSchemas schemas;

    private OpenApi(ObjectMapper json, String version) {
        document = json.createObjectNode().put("openapi", "3.1.0");
        document.putObject("info").put("title", "Godwit host driver").put("version", version);
        document.putObject("paths");
        schemas = new JsonSchemas(document.putObject("components").putObject("schemas"));
    }

    /**
     * Generates the document.
     *
     * @param resources classes with JAX-RS routes
     * @param answers   response types of the methods that return a {@code Response}, by {@code Class.method}
     */
    static ObjectNode of(ObjectMapper json, String version, List<Class<?>> resources, Map<String, Class<?>> answers) {
        OpenApi api = new OpenApi(json, version);
        for (Class<?> resource : resources) {
            Arrays.stream(resource.getDeclaredMethods())
                    .filter(method -> verb(method) != null)
                    .sorted(Comparator.comparing(Method::getName))
                    .forEach(method -> api.add(resource, method, answers));
        }
        ObjectNode security = api.document.withObject("/components/securitySchemes/bearer");
        security.put("type", "http").put("scheme", "bearer");
        api.document.putArray("security").addObject().putArray("bearer");
        return api.document;
    }

    private void add(Class<?> resource, Method method, Map<String, Class<?>> answers) {
        Path below = method.getAnnotation(Path.class);
        String path = resource.getAnnotation(Path.class).value() + (below == null ? "" : "/" + below.value());
        ObjectNode paths = (ObjectNode) document.get("paths");
        ObjectNode operation = paths.withObjectProperty(path)
                .putObject(verb(method).toLowerCase(Locale.ROOT))
                .put("operationId", resource.getSimpleName().replace("Resource", "") + "." + method.getName());
        for (Parameter parameter : method.getParameters()) {
            add(operation, parameter);
        }
        ObjectNode responses = operation.putObject("responses");
        Type answer = answers.getOrDefault(resource.getSimpleName() + "." + method.getName(), null);
        answer = answer == null ? method.getGenericReturnType() : answer;
        ObjectNode success = responses.putObject("2XX").put("description", "Success");
        if (answer != void.class) {
            success.withObject("/content").putObject(JSON_TYPE).set("schema", schemas.of(answer));
        }
        responses
                .putObject("default")
                .put("description", "What failed and what to do")
                .withObject("/content")
                .putObject(JSON_TYPE)
                .set("schema", schemas.of(ApiError.class));
    }

    private void add(ObjectNode operation, Parameter parameter) {
        if (parameter.isAnnotationPresent(PathParam.class)) {
            add(operation, parameter.getAnnotation(PathParam.class).value(), "path", parameter);
        } else if (parameter.isAnnotationPresent(QueryParam.class)) {
            add(operation, parameter.getAnnotation(QueryParam.class).value(), "query", parameter);
        } else if (parameter.getType().isRecord()) {
            ObjectNode body = operation.putObject("requestBody").put("required", true);
            body.withObject("/content").putObject(JSON_TYPE).set("schema", schemas.of(parameter.getType()));
        }
    }

    private void add(ObjectNode operation, String name, String where, Parameter parameter) {
        operation
                .withArray("parameters")
                .addObject()
                .put("name", name)
                .put("in", where)
                .put("required", !parameter.isAnnotationPresent(DefaultValue.class))
                .set("schema", schemas.of(parameter.getType()));
    }

    /** The HTTP method, for example GET; null if the Java method is not a route. */
    private static String verb(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                return verb.value();
            }
        }
        return null;
    }
}
