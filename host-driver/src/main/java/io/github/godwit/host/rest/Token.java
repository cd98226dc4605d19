package io.github.godwit.host.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** The secret that callers of this host driver, and it as a caller of others, must know. Never printed. */
public final class Token {

    private static final int SHORTEST = 16;

    private final String secret;

    private Token(String secret) {
        this.secret = secret;
    }

    /**
     * A token from its text.
     *
     * @throws IllegalArgumentException when it is too short to be a secret, or cannot go into an HTTP header
     */
    public static Token of(String secret) {
        if (secret.length() < SHORTEST || !secret.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "The token must be one line of at least %d printable ASCII characters without spaces. Make one with: openssl rand -hex 32"
                            .formatted(SHORTEST));
        }
        return new Token(secret);
    }

    /**
     * Reads a token from a file that holds nothing else.
     *
     * @throws IOException when the file cannot be read
     */
    public static Token read(Path file) throws IOException {
        return of(Files.readString(file, StandardCharsets.UTF_8).strip());
    }

    /** For the {@code Authorization} header of a request to another host driver. */
    public String secret() {
        return secret;
    }

    /** Whether an {@code Authorization} header carries this token; takes as long for a near miss as for a far one. */
    boolean matches(String header) {
        byte[] expected = ("Bearer " + secret).getBytes(StandardCharsets.UTF_8);
        byte[] given = (header == null ? "" : header).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, given);
    }

    @Override
    public String toString() {
        return "Token(…)";
    }
}
