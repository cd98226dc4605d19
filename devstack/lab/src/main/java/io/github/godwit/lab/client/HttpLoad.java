package io.github.godwit.lab.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Gets the page of a web server again and again over one connection, each time after the last answer (HTTP/1.1). */
final class HttpLoad implements Load {

    private static final int PORT = 80;
    private static final String LENGTH = "content-length:";

    private final String address;
    private final Pace pace;

    HttpLoad(String address, Pace pace) {
        this.address = address;
        this.pace = pace;
    }

    @Override
    public void run(Series series) throws IOException, InterruptedException {
        byte[] request = "GET / HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(address).getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = Connection.to(address, PORT)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (true) {
                pace.await();
                out.write(request);
                readAnswer(in);
                series.add(System.nanoTime(), 1);
            }
        }
    }

    /**
     * Reads an answer with its body.
     *
     * @throws IOException when its status is not 200, or the connection ends
     */
    static void readAnswer(InputStream in) throws IOException {
        String status = Connection.line(in);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("The server answers: " + status);
        }
        long length = 0;
        for (String line = Connection.line(in); !line.isEmpty(); line = Connection.line(in)) {
            if (line.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                length = Long.parseLong(line.substring(LENGTH.length()).strip());
            }
        }
        in.skipNBytes(length);
    }
}
