package io.github.godwit.host.scatter.store;

import io.github.godwit.model.technique.IntermediaryOffer;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A Redis server on which pages wait.
 *
 * @param host         its name or address
 * @param port         its port
 * @param passwordFile file with its password, and possibly the user's name and a colon before it; empty if it asks for none
 * @param tls          whether it is reached over TLS
 * @param authority    file with the certificates (PEM) of the authorities that may have signed its certificate; empty for those that Java trusts
 * @param memory       how much of its memory may be used; empty for as much as it says it has
 * @param link         the rate at which it may be sent pages; empty for as fast as they come
 */
public record Intermediary(
        String host,
        int port,
        Optional<Path> passwordFile,
        boolean tls,
        Optional<Path> authority,
        Optional<MemorySize> memory,
        Optional<Bandwidth> link) {

    /**
     * Checks the address.
     *
     * @throws IllegalArgumentException if the host is missing, the port is not one, or authorities are given without TLS
     */
    public Intermediary {
        Checks.named("host of an intermediary", host);
        Checks.inRange("port of an intermediary", port, 1, 65_535);
        passwordFile = passwordFile == null ? Optional.empty() : passwordFile;
        authority = authority == null ? Optional.empty() : authority;
        memory = memory == null ? Optional.empty() : memory;
        link = link == null ? Optional.empty() : link;
        if (authority.isPresent() && !tls) {
            throw new IllegalArgumentException("The intermediary %s has a ca, but no \"tls\": true.".formatted(host));
        }
    }

    /** As this host announces it. */
    public IntermediaryOffer offer() {
        return new IntermediaryOffer(name(), link.orElse(null));
    }

    /** Its name in requests and messages. */
    public String name() {
        return "%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port);
    }
}
