package io.github.godwit.strategy.service;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's Horizon with its Watcher panels, on a free port of loopback. It uses the catalog of a Keystone. */
final class Horizon implements AutoCloseable {

    private static final String STATIC = "/var/lib/openstack-dashboard/static";

    private final int port = Daemon.freePort();
    private final Daemon server;

    /** Starts Horizon, with its settings in an empty directory. */
    Horizon(Path directory, URI keystone) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("horizon_of_test.py"), """
                from openstack_dashboard.settings import *
                ALLOWED_HOSTS = ['*']
                OPENSTACK_KEYSTONE_URL = '%s'
                OPENSTACK_API_VERSIONS = {'identity': 3}
                CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}
                SESSION_ENGINE = 'django.contrib.sessions.backends.cache'
                SECRET_KEY = 'of this test only'
                LOGIN_REDIRECT_URL = '/admin/goals/'
                LOGGING = {'version': 1, 'handlers': {'stderr': {'class': 'logging.StreamHandler'}},
                           'root': {'handlers': ['stderr'], 'level': 'INFO'}}
                """.formatted(keystone));
        Path wsgi = Files.writeString(directory.resolve("wsgi.py"), """
                from django.core.wsgi import get_wsgi_application
                application = get_wsgi_application()
                """);
        server = Daemon.start(
                Path.of("target", "horizon.log"),
                Map.of("DJANGO_SETTINGS_MODULE", "horizon_of_test"),
                List.of(
                        "uwsgi",
                        "--plugins",
                        "python3",
                        "--http-socket",
                        "127.0.0.1:" + port,
                        "--pythonpath",
                        directory.toString(),
                        "--wsgi-file",
                        wsgi.toString(),
                        "--processes",
                        "1",
                        "--threads",
                        "4",
                        "--enable-threads",
                        "--die-on-term",
                        "--add-header",
                        "Connection: close",
                        "--buffer-size",
                        "65535",
                        "--static-map",
                        "/static=" + STATIC));
        server.awaitPort(port);
    }

    String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(port, path);
    }

    @Override
    public void close() {
        server.close();
    }
}
