package io.github.godwit.strategy.cli;

import io.github.godwit.common.SecretFile;
import io.github.godwit.common.cli.TlsOptions;
import io.github.godwit.common.tls.TlsFiles;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options for the host drivers' URLs, and for what the program identifies itself by. */
final class HostDriverOptions {

    @Option(
            names = "--hosts",
            required = true,
            split = ",",
            paramLabel = "URL",
            description = "Base URLs of the host drivers, separated by commas.")
    private List<String> hosts;

    @ArgGroup(exclusive = false)
    private TlsOptions tls = new TlsOptions();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token of the host drivers; without this option no token is sent.")
    private Path tokenFile;

    /**
     * One client for each host driver.
     *
     * @throws IllegalArgumentException if a URL, the token file or the certificate is wrong
     */
    List<HostDriverClient> clients() {
        Function<URI, HostDriverClient> clients;
        try {
            clients = HostDriverClient.sharing(token(), HostDriverTimeouts.DEFAULT, tls.load());
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return urls().stream().map(clients).toList();
    }

    /** The files of the certificate, if there is one. */
    Optional<TlsFiles> tls() {
        return tls.files();
    }

    /**
     * The base URL of each host driver.
     *
     * @throws IllegalArgumentException if one is wrong or named twice
     */
    List<URI> urls() {
        Set<URI> urls = new LinkedHashSet<>();
        for (String host : hosts) {
            if (host.isBlank()) {
                throw new IllegalArgumentException(
                        "--hosts has an empty URL. Separate the URLs by commas, without spaces.");
            }
            URI url = HostDriverClient.of(url(host.trim()), null).url();
            if (!urls.add(url)) {
                throw new IllegalArgumentException("--hosts names %s twice.".formatted(url));
            }
        }
        return List.copyOf(urls);
    }

    private static URI url(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'%s' is not the URL of a host driver. Write one such as http://10.0.0.2:9622.".formatted(text), e);
        }
    }

    /**
     * The token, or null.
     *
     * @throws IllegalArgumentException if the file cannot be read or holds no token
     */
    String token() {
        if (tokenFile == null) {
            return null;
        }
        String token;
        try {
            token = SecretFile.read("token", tokenFile);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        if (!token.matches("[\\x21-\\x7e]+")) {
            throw new IllegalArgumentException(
                    "The token file %s must hold one token: a single line of printable characters."
                            .formatted(tokenFile));
        }
        return token;
    }
}
