package io.github.godwit.host.access;

import io.github.godwit.common.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;

/** The bearer token that all host drivers share: callers must send it, and {@link #toString} does not print it. */
public final class Token {

    private static final int MIN_LENGTH = 16;

    private final String secret;

    private Token(String secret) {
        this.secret = secret;
    }

    /**
     * Creates a token.
     *
     * @throws IllegalArgumentException if it is shorter than 16 characters, or not valid in an HTTP header
     */
    public static Token of(String secret) {
        if (secret.length() < MIN_LENGTH || !secret.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    ("The token must be one line of at least %d printable ASCII characters without spaces."
                                    + " Create one with: openssl rand -hex 32")
                            .formatted(MIN_LENGTH));
        }
        return new Token(secret);
    }

    /**
     * Reads a token from a file that contains nothing else.
     *
     * @throws IllegalArgumentException if the content is not a valid token, or the file is open to other users
     * @throws IOException              if the file cannot be read
     */
    public static Token read(Path file) throws IOException {
        return of(SecretFile.read("token", file));
    }

    /** The text of the token, for requests to other host drivers. */
    public String secret() {
        return secret;
    }

    /** Whether an {@code Authorization} header contains this token; compares in constant time. */
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
