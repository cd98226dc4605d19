package io.github.godwit.host.access;

import io.github.godwit.common.tls.CertificateNames;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which host has prepared which migration to this one: no other peer may confirm, complete or abandon it. What an earlier host driver
 * prepared is not known, and open to all peers. Thread-safe.
 */
final class Preparers {

    /** More than are under way at once; the oldest are forgotten. */
    static final int MOST = 1_000;

    private final Map<String, Set<String>> names = new LinkedHashMap<>();

    /** Notes that the host with this certificate has prepared a migration. */
    synchronized void prepared(String migration, X509Certificate by) {
        names.remove(migration);
        names.put(migration, namesOf(by));
        if (names.size() > MOST) {
            names.remove(names.keySet().iterator().next());
        }
    }

    /** Whether the host with this certificate may continue with a migration; a renewed certificate has the same names. */
    synchronized boolean mayContinue(String migration, X509Certificate host) {
        Set<String> preparer = names.get(migration);
        return preparer == null || !Collections.disjoint(preparer, namesOf(host));
    }

    private static Set<String> namesOf(X509Certificate certificate) {
        Set<String> names = CertificateNames.of(certificate);
        return names.isEmpty() ? Set.of(CertificateNames.describe(certificate)) : names;
    }
}
