package io.github.godwit.strategy.access;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Parses the part of oslo.policy's language that needs nothing but the roles of a token: {@code role:NAME}, {@code rule:NAME},
 * {@code is_admin:True}, {@code @}, {@code !}, {@code not}, {@code and}, {@code or} and parentheses. {@code not} binds tighter than
 * {@code and}, and {@code and} tighter than {@code or}.
 */
final class CheckParser {

    private static final Pattern TOKEN = Pattern.compile("[()]|[^\\s()]+");
    private static final String SUPPORTED =
            "Use role:NAME, rule:NAME, is_admin:True, @ (everybody), ! (nobody), not, and, or, and parentheses.";

    /** The rule that decides about {@code is_admin}, as in Nova. */
    private static final String IS_ADMIN = "context_is_admin";

    private final String text;
    private final Deque<String> tokens = new ArrayDeque<>();

    private CheckParser(String text) {
        this.text = text;
        TOKEN.matcher(text).results().forEach(match -> tokens.add(match.group()));
    }

    /**
     * Parses a check.
     *
     * @throws IllegalArgumentException if it has anything else; the message says what
     */
    static Check parse(String text) {
        CheckParser parser = new CheckParser(text);
        Check check = parser.alternatives();
        if (!parser.tokens.isEmpty()) {
            throw parser.unexpected(parser.tokens.peek());
        }
        return check;
    }

    private Check alternatives() {
        return joined(false, "or", () -> joined(true, "and", this::single));
    }

    private Check joined(boolean all, String word, Supplier<Check> operand) {
        List<Check> checks = new ArrayList<>(List.of(operand.get()));
        while (nextIs(word)) {
            tokens.remove();
            checks.add(operand.get());
        }
        return checks.size() == 1 ? checks.get(0) : new Check.Joined(all, List.copyOf(checks));
    }

    private boolean nextIs(String word) {
        return word.equalsIgnoreCase(tokens.peek());
    }

    private Check single() {
        String token = tokens.poll();
        if (token == null) {
            throw new IllegalArgumentException("'%s' ends where a check is expected. %s".formatted(text, SUPPORTED));
        }
        if ("not".equalsIgnoreCase(token)) {
            return new Check.Not(single());
        }
        if ("(".equals(token)) {
            Check inner = alternatives();
            if (!nextIs(")")) {
                throw new IllegalArgumentException("'%s' lacks a closing parenthesis.".formatted(text));
            }
            tokens.remove();
            return inner;
        }
        return leaf(token);
    }

    private Check leaf(String token) {
        if ("@".equals(token) || "!".equals(token)) {
            return new Check.Constant("@".equals(token));
        }
        int colon = token.indexOf(':');
        String kind = colon < 0 ? "" : token.substring(0, colon);
        String value = token.substring(colon + 1);
        if (value.isEmpty() || value.contains("%")) {
            throw unexpected(token);
        }
        return switch (kind) {
            case "role" -> new Check.Role(value.toLowerCase(Locale.ROOT));
            case "rule" -> new Check.Reference(value);
            case "is_admin" -> isAdmin(token, value);
            default -> throw unexpected(token);
        };
    }

    private Check isAdmin(String token, String value) {
        Check admin = new Check.Reference(IS_ADMIN);
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> admin;
            case "false", "0" -> new Check.Not(admin);
            default -> throw unexpected(token);
        };
    }

    private IllegalArgumentException unexpected(String token) {
        return new IllegalArgumentException(
                "'%s' has '%s', which is not supported here. %s".formatted(text, token, SUPPORTED));
    }
}
