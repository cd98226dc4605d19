package io.github.godwit.strategy.cli;

import io.github.godwit.hostapi.client.HostDriverClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which host drivers to talk to, and with what token. */
final class HostDriverOptions {

    @Option(
            names = "--hosts",
            required = true,
            split = ",",
            paramLabel = "URL",
            description = "Base URLs of the host drivers, with commas between them.")
    private List<String> hosts;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token that the host drivers were started with; without it none is sent.")
    private Path tokenFile;

    /**
     * One client for each host driver.
     *
     * @throws IllegalArgumentException when a URL or the token file is wrong
     */
    List<HostDriverClient> clients() {
        Set<URI> urls = new LinkedHashSet<>();
        for (String host : hosts) {
            if (host.isBlank()) {
                throw new IllegalArgumentException(
                        "--hosts has an empty URL. Write URLs with commas between them and no spaces.");
            }
            URI url = HostDriverClient.of(url(host.trim()), null).url();
            if (!urls.add(url)) {
                throw new IllegalArgumentException("--hosts names %s twice.".formatted(url));
            }
        }
        String token = token();
        List<HostDriverClient> clients = new ArrayList<>();
        urls.forEach(url -> clients.add(HostDriverClient.of(url, token)));
        return clients;
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
     * @throws IllegalArgumentException when the file is wrong
     */
    String token() {
        if (tokenFile == null) {
            return null;
        }
        String token;
        try {
            token = Files.readString(tokenFile).trim();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The token file %s cannot be read. Check its path and rights.".formatted(tokenFile), e);
        }
        if (!token.matches("[\\x21-\\x7e]+")) {
            throw new IllegalArgumentException(
                    "The token file %s must hold one token: a single line of printable characters."
                            .formatted(tokenFile));
        }
        return token;
    }
}
