package io.github.godwit.strategy.service;

import io.github.godwit.strategy.rest.SessionResource;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.model.ResourceMethod;

/** All routes of the service, from Jersey's model of all classes that have a path. */
final class Routes {

    private static final String PACKAGE = "io/github/godwit/strategy/rest";
    private static final String CLASS = ".class";

    /**
     * A route.
     *
     * @param method HTTP method
     * @param path   template of the path, with a slash at its beginning
     */
    record Route(String method, String path) {

        /** Whether clients expect it to change something. */
        boolean writes() {
            return List.of("POST", "PUT", "PATCH", "DELETE").contains(method);
        }

        /** The path with the same text for each variable. */
        String filled(String value) {
            return path.replaceAll("\\{[^}]*}", value);
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private Routes() {}

    static List<Route> all() {
        try {
            java.nio.file.Path classes = java.nio.file.Path.of(SessionResource.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(classes)) {
                return in(classes);
            }
            try (FileSystem jar = FileSystems.newFileSystem(classes)) {
                return in(jar.getPath("/"));
            }
        } catch (IOException | URISyntaxException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Route> in(java.nio.file.Path classes) throws IOException, ClassNotFoundException {
        List<Route> routes = new ArrayList<>();
        try (Stream<java.nio.file.Path> files = Files.walk(classes.resolve(PACKAGE))) {
            for (java.nio.file.Path file :
                    files.filter(each -> each.toString().endsWith(CLASS)).toList()) {
                String name = classes.relativize(file).toString().replace('/', '.');
                Class<?> type = Class.forName(name.substring(0, name.length() - CLASS.length()));
                if (type.isAnnotationPresent(Path.class)) {
                    add(routes, Resource.from(type), "");
                }
            }
        }
        return routes;
    }

    private static void add(List<Route> routes, Resource resource, String above) {
        String path = (above + "/" + resource.getPath()).replaceAll("/+", "/");
        for (ResourceMethod method : resource.getAllMethods()) {
            if (method.getHttpMethod() != null) {
                routes.add(new Route(method.getHttpMethod(), path));
            }
        }
        resource.getChildResources().forEach(child -> add(routes, child, path));
    }
}
