package io.github.godwit.host.access;

import io.github.godwit.common.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * From where {@link HostAccess} is read.
 *
 * @param token    file with the token that all host drivers share
 * @param tls      certificate and key of this host, and the authorities of the others
 * @param services names that the certificate of the service has, in lower case
 * @param plain    whether HTTP may be spoken on other addresses than those of loopback, where the token crosses the network in clear text
 */
public record AccessFiles(Optional<Path> token, Optional<TlsFiles> tls, Set<String> services, boolean plain) {

    /** Name of the service in its certificate, unless the operator has another one. */
    public static final String SERVICE = "godwit-strategy";

    /** Neither a token nor a certificate. */
    public static final AccessFiles NONE = new AccessFiles(Optional.empty(), Optional.empty(), Set.of(SERVICE), false);

    /** Copies the names in lower case. */
    public AccessFiles {
        Set<String> lower = new TreeSet<>();
        services.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        services = Set.copyOf(lower);
    }

    /** A token and no certificate, on any address. */
    public static AccessFiles token(Path file) {
        return new AccessFiles(Optional.of(file), Optional.empty(), Set.of(SERVICE), true);
    }
}
