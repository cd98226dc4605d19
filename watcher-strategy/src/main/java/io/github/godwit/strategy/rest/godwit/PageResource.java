package io.github.godwit.strategy.rest.godwit;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The page for operators: static files, which use the REST API. */
@Path("/")
public final class PageResource {

    /** Nothing from elsewhere, and no page of others around it, where a click on it could be led astray. */
    private static final String CONTENT_POLICY =
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private static final Map<String, String> TYPES = Map.of(
            "godwit.css",
            "text/css; charset=utf-8",
            "events.js",
            SCRIPT,
            "godwit.js",
            SCRIPT,
            "history.js",
            SCRIPT,
            "policies.js",
            SCRIPT,
            "report.js",
            SCRIPT,
            "schedule.js",
            SCRIPT,
            "session.js",
            SCRIPT,
            "trail.js",
            SCRIPT,
            "whatif.js",
            SCRIPT);

    /** Returns the HTML of the page. Clients that accept JSON get the versions of the API instead. */
    @GET
    @Produces("text/html;qs=0.5")
    public Response page() {
        return file("index.html", "text/html; charset=utf-8");
    }

    /** Returns the style sheet or a script of the page. */
    @GET
    @Path("ui/{file}")
    public Response part(@PathParam("file") String file) {
        if (!TYPES.containsKey(file)) {
            throw new NotFoundException();
        }
        return file(file, TYPES.get(file));
    }

    private static Response file(String name, String type) {
        try (InputStream resource = PageResource.class.getResourceAsStream("ui/" + name)) {
            return Response.ok(resource.readAllBytes(), type)
                    .header("Cache-Control", "no-cache")
                    .header("Content-Security-Policy", CONTENT_POLICY)
                    .header("X-Frame-Options", "DENY")
                    .header("X-Content-Type-Options", "nosniff")
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
