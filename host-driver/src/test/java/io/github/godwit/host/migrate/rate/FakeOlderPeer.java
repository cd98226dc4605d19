package io.github.godwit.host.migrate.rate;

import io.github.godwit.common.FakeServer;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import java.util.List;

/** A destination whose host driver does not know the rates of an older version's peers: it answers 404. */
final class FakeOlderPeer implements AutoCloseable {

    private final FakeServer server = new FakeServer();
    private final HostDriverClient client = HostDriverClient.of(server.url(), null, HostDriverTimeouts.DEFAULT);
    private final List<IncomingRate> told;

    FakeOlderPeer(List<IncomingRate> told) {
        this.told = told;
        server.otherwise(exchange -> FakeServer.send(exchange, 404, "{\"error\": \"Not found.\"}"));
    }

    GrantedRate rate(IncomingRate rate) {
        told.add(rate);
        return client.incoming().rate("m", rate);
    }

    @Override
    public void close() {
        server.close();
    }
}
