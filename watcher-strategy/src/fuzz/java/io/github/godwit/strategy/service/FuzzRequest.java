package io.github.godwit.strategy.service;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A request as bytes, which need not be HTTP.
 *
 * @param method  the method
 * @param target  path and query, in ISO 8859-1
 * @param headers lines without their ends, in ISO 8859-1, apart from those that every request has
 * @param body    the bytes of the body, in ISO 8859-1, or null for none
 * @param sound   whether the server must answer it; otherwise it may close the connection
 */
record FuzzRequest(String method, String target, List<String> headers, String body, boolean sound) {

    byte[] bytes(int port) {
        StringBuilder head = new StringBuilder("%s %s HTTP/1.1\r\n".formatted(method, target));
        if (headers.stream().noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("host:"))) {
            head.append("Host: 127.0.0.1:%d\r\n".formatted(port));
        }
        headers.forEach(line -> head.append(line).append("\r\n"));
        if (body != null) {
            head.append("Content-Length: %d\r\n".formatted(body.length()));
        }
        head.append("\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (body != null) {
            bytes.writeBytes(body.getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    /** The request as a command for bash. */
    String curl(int port) {
        StringBuilder command = new StringBuilder("curl -sS -i --path-as-is --globoff -X ").append(quoted(method));
        headers.forEach(line -> command.append(" -H ").append(quoted(line)));
        if (body != null) {
            command.append(" --data-binary ").append(quoted(body));
        }
        return command.append(' ')
                .append(quoted("http://127.0.0.1:%d%s".formatted(port, target)))
                .toString();
    }

    private static String quoted(String bytes) {
        StringBuilder quoted = new StringBuilder("$'");
        for (int i = 0; i < bytes.length(); i++) {
            char each = bytes.charAt(i);
            if (each == '\'' || each == '\\') {
                quoted.append('\\').append(each);
            } else if (each < ' ' || each > '~') {
                quoted.append("\\x%02x".formatted((int) each));
            } else {
                quoted.append(each);
            }
        }
        return quoted.append("'").toString();
    }
}
