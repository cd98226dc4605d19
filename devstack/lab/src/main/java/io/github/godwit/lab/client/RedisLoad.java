package io.github.godwit.lab.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Writes and reads keys of a Redis server in turn, each after the answer to the last one (RESP over TCP). */
final class RedisLoad implements Load {

    private static final int PORT = 6379;
    private static final int KEYS = 4096;
    private static final int VALUE_BYTES = 1024;

    private final String address;
    private final Pace pace;

    RedisLoad(String address, Pace pace) {
        this.address = address;
        this.pace = pace;
    }

    @Override
    public void run(Series series) throws IOException, InterruptedException {
        try (Socket socket = Connection.to(address, PORT)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (int operation = 0; ; operation++) {
                pace.await();
                String key = "key" + operation / 2 % KEYS;
                out.write(operation % 2 == 0 ? set(key, value(operation)) : command("GET", key));
                readReply(in);
                series.add(System.nanoTime(), 1);
            }
        }
    }

    private static String value(int operation) {
        String number = Integer.toString(operation);
        return number.repeat(VALUE_BYTES / number.length());
    }

    private static byte[] set(String key, String value) {
        return command("SET", key, value);
    }

    /** A command as an array of bulk strings. */
    static byte[] command(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads a simple string or a bulk string to its end.
     *
     * @throws IOException when the server answers with an error or closes the connection
     */
    static void readReply(InputStream in) throws IOException {
        String line = Connection.line(in);
        if (line.startsWith("$") && !line.equals("$-1")) {
            in.skipNBytes(Integer.parseInt(line.substring(1)) + 2L);
        } else if (line.startsWith("-")) {
            throw new IOException("Redis answers: " + line.substring(1));
        }
    }
}
