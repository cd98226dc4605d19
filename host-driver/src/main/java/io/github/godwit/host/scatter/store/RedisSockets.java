package io.github.godwit.host.scatter.store;

import io.github.godwit.common.tls.Authorities;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * The TCP connection of one {@link RedisStore}, also below TLS. A write that an intermediary does not take has no time limit; closing this
 * ends it.
 */
final class RedisSockets implements JedisSocketFactory, AutoCloseable {

    private final Intermediary intermediary;
    private final int patienceMillis;
    private Socket tcp;
    private boolean closed;

    RedisSockets(Intermediary intermediary, Duration patience) {
        this.intermediary = intermediary;
        this.patienceMillis = Math.toIntExact(patience.toMillis());
    }

    @Override
    public Socket createSocket() {
        try {
            Socket socket = new Socket();
            keep(socket);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(patienceMillis);
            socket.connect(
                    new InetSocketAddress(InetAddress.getByName(intermediary.host()), intermediary.port()),
                    patienceMillis);
            return intermediary.tls() ? secured(socket) : socket;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            close();
            throw new JedisConnectionException(e.getMessage(), e);
        }
    }

    private synchronized void keep(Socket socket) throws IOException {
        if (closed) {
            throw new IOException("The connection was closed");
        }
        tcp = socket;
    }

    /** A connection over TLS, to a server whose certificate has the intermediary's name or address. */
    private SSLSocket secured(Socket socket) throws IOException, GeneralSecurityException {
        SSLContext context = intermediary.authority().isPresent()
                ? Authorities.context(intermediary.authority().get())
                : SSLContext.getDefault();
        SSLSocket secured = (SSLSocket)
                context.getSocketFactory().createSocket(socket, intermediary.host(), intermediary.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (tcp != null) {
            try {
                tcp.close();
            } catch (IOException e) {
                assert e != null; // closed all the same
            }
        }
    }
}
